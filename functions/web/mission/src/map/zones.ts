import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Zone } from "../api/types";
import { createStore } from "../ui/store";
import { lngLat } from "./features";
import { type Palette, ZONE_STEPS } from "./palette";

export const ZONE_FIGURES = ["surge", "demand", "supply"] as const;
export type ZoneFigure = (typeof ZONE_FIGURES)[number];

/** What the zones are coloured by; null while they are not shown. */
export const zoneFigure = createStore<ZoneFigure | null>(null);

interface Scale {
  name: string;
  unit: string;
  /** The least value of each step of the ramp but the first. */
  from: readonly [number, number, number, number];
  value: (zone: Zone) => number;
  text: (value: number) => string;
}

export const multiplier = (bps: number): string => `${(bps / 10_000).toFixed(2)}×`;

export const SCALES: Record<ZoneFigure, Scale> = {
  surge: {
    name: "Surge",
    unit: "delivery fee",
    from: [10_500, 12_500, 15_000, 17_500],
    value: (zone) => zone.surge_bps,
    text: multiplier,
  },
  demand: {
    name: "Demand",
    unit: "orders expected in 30 min",
    from: [0.5, 2, 4, 8],
    value: (zone) => zone.demand + zone.waiting,
    text: (value) => (value < 9.95 ? value.toFixed(1) : value.toFixed(0)),
  },
  supply: {
    name: "Drivers",
    unit: "there or soon to be",
    from: [1, 2, 4, 8],
    value: (zone) => zone.supply,
    text: (value) => value.toFixed(0),
  },
};

/** The step of the ramp that a value falls in, 0 to 4. */
export const stepOf = ({ from }: Scale, value: number): number => from.filter((least) => value >= least).length;

/** The hexagons, each with its step and, where there is something to say, its figure. */
export function zoneFeatures(zones: readonly Zone[], figure: ZoneFigure): FeatureCollection {
  const scale = SCALES[figure];
  return {
    type: "FeatureCollection",
    features: zones.map((zone) => {
      const value = scale.value(zone);
      const step = stepOf(scale, value);
      const text = step === 0 ? "" : scale.text(value);
      return {
        type: "Feature",
        geometry: { type: "Polygon", coordinates: [zone.outline.map(lngLat)] },
        properties: { cell: zone.cell, step, text },
      };
    }),
  };
}

const byStep = (values: readonly (string | number)[]): ExpressionSpecification => [
  "match",
  ["get", "step"],
  1,
  values[1] ?? "",
  2,
  values[2] ?? "",
  3,
  values[3] ?? "",
  4,
  values[4] ?? "",
  values[0] ?? "",
];

export function zoneFills(palette: Palette): LayerSpecification[] {
  const opacity = ZONE_STEPS.map((step) => (step === 0 ? 0.35 : 0.82));
  return [
    {
      id: "zones",
      type: "fill",
      source: "zones",
      paint: { "fill-color": byStep(palette.zones), "fill-opacity": byStep(opacity), "fill-antialias": false },
    },
    {
      id: "zone-edges",
      type: "line",
      source: "zones",
      paint: { "line-color": palette.zones[3] ?? palette.ink, "line-width": 1, "line-opacity": 0.3 },
    },
  ];
}

/** The figure itself, so that nobody has to tell colours apart. */
export const zoneFigures = (palette: Palette): LayerSpecification => ({
  id: "zone-figures",
  type: "symbol",
  source: "zones",
  minzoom: 10.2,
  layout: { "text-field": ["get", "text"], "text-font": ["Geist"], "text-size": 12 },
  paint: { "text-color": palette.store, "text-halo-color": palette.halo, "text-halo-width": 1.6 },
});
