import "maplibre-gl/dist/maplibre-gl.css";
import { type GeoJSONSource, type LayerSpecification, Map as MapLibreMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { FeatureCollection } from "geojson";
import type { MissionConfig } from "../api/types";
import { areaLayers, roadLayers } from "./basemap";
import { NOTHING } from "./features";
import { operationLayers, storeImage } from "./operations";
import { type Palette, readPalette } from "./palette";
import { zoneFigures, zoneFills } from "./zones";

setWorkerUrl(workerUrl);

const SOURCES = ["streets", "zones", "stores", "orders", "focus"] as const;
type PaintProperty = Parameters<MapLibreMap["setPaintProperty"]>[1];
type SourceName = (typeof SOURCES)[number];

/** Zones lie on the ground, beneath the streets; their figures above the streets, beneath everything that moves. */
const layers = (palette: Palette): LayerSpecification[] => [
  ...areaLayers(palette),
  ...zoneFills(palette),
  ...roadLayers(palette),
  zoneFigures(palette),
  ...operationLayers(palette),
];

/** A map without a tile or glyph server: north up, flat, all sources empty GeoJSON. Needs WebGL 2. */
export function createMap(container: HTMLElement, config: MissionConfig, palette: Palette): MapLibreMap {
  const map = new MapLibreMap({
    container,
    style: {
      version: 8,
      sources: Object.fromEntries(SOURCES.map((name) => [name, { type: "geojson" as const, data: NOTHING }])),
      layers: layers(palette),
    },
    center: config.center,
    zoom: config.zoom,
    minZoom: 8,
    maxZoom: 18,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 120,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.setMissingStyleImageResolver((id) => {
    map.addImage(id, storeImage(readPalette(), id === "store-open"), { pixelRatio: 2 });
  });
  return map;
}

export function setSource(map: MapLibreMap, name: SourceName, data: FeatureCollection): void {
  (map.getSource(name) as GeoJSONSource).setData(data);
}

/** Gives every layer the colours of another theme, without touching data or camera. */
export function repaint(map: MapLibreMap, palette: Palette): void {
  for (const layer of layers(palette)) {
    for (const [property, value] of Object.entries(layer.paint ?? {})) {
      map.setPaintProperty(layer.id, property as PaintProperty, value);
    }
  }
  for (const open of [true, false]) {
    const id = open ? "store-open" : "store-closed";
    if (map.hasImage(id)) map.updateImage(id, storeImage(palette, open));
  }
}
