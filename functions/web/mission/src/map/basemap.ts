import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette";

const ofClass = (...names: string[]): ExpressionSpecification => ["in", ["get", "class"], ["literal", names]];

/** Line width in pixels, doubling about every one and a half zoom levels between the two given ones. */
const width = (at10: number, at16: number): ExpressionSpecification => [
  "interpolate",
  ["exponential", 1.6],
  ["zoom"],
  10,
  at10,
  16,
  at16,
];

const ROUND = { "line-cap": "round", "line-join": "round" } as const;

/** Side streets would cover a whole region with noise: they come in with the zoom at which one can tell them apart. */
const FADES_IN = { from: 11.5, until: 12.75 };

const opacity = (name: RoadClass): ExpressionSpecification | number =>
  name === "residential" ? ["interpolate", ["linear"], ["zoom"], FADES_IN.from, 0, FADES_IN.until, 1] : 1;

const CLASSES = [
  { name: "residential", at10: 0.25, at16: 9, edge: 0.8, minzoom: FADES_IN.from },
  { name: "secondary", at10: 0.7, at16: 13, edge: 1, minzoom: 0 },
  { name: "primary", at10: 1.3, at16: 17, edge: 1.2, minzoom: 0 },
  { name: "motorway", at10: 2, at16: 22, edge: 1.6, minzoom: 0 },
] as const;

type RoadClass = (typeof CLASSES)[number]["name"];

function colours(name: RoadClass, palette: Palette): { fill: string; edge: string } {
  if (name === "motorway") return { fill: palette.motorway, edge: palette.motorwayEdge };
  if (name === "residential") return { fill: palette.street, edge: palette.streetEdge };
  return { fill: palette.artery, edge: palette.arteryEdge };
}

/** The ground of the street map, which is painted from the server's GeoJSON alone. */
export const areaLayers = (palette: Palette): LayerSpecification[] => [
  { id: "land", type: "background", paint: { "background-color": palette.land } },
  { id: "park", type: "fill", source: "streets", filter: ofClass("park"), paint: { "fill-color": palette.park } },
  { id: "water", type: "fill", source: "streets", filter: ofClass("water"), paint: { "fill-color": palette.water } },
];

/** Road edges, then road fills, then names. */
export function roadLayers(palette: Palette): LayerSpecification[] {
  const edges = CLASSES.map(({ name, at10, at16, edge, minzoom }): LayerSpecification => {
    const paint = { "line-color": colours(name, palette).edge, "line-width": width(at10 + edge, at16 + 2 * edge), "line-opacity": opacity(name) };
    return { id: `${name}-edge`, type: "line", source: "streets", filter: ofClass(name), minzoom, layout: ROUND, paint };
  });
  const fills = CLASSES.map(({ name, at10, at16, minzoom }): LayerSpecification => {
    const paint = { "line-color": colours(name, palette).fill, "line-width": width(at10, at16), "line-opacity": opacity(name) };
    return { id: name, type: "line", source: "streets", filter: ofClass(name), minzoom, layout: ROUND, paint };
  });
  return [...edges, ...fills, streetNames(palette)];
}

/** Names where the extract has them. Without a glyph server MapLibre draws letters with the page's own font. */
function streetNames(palette: Palette): LayerSpecification {
  return {
    id: "street-names",
    type: "symbol",
    source: "streets",
    minzoom: 13.5,
    filter: ["has", "name"],
    layout: {
      "symbol-placement": "line",
      "text-field": ["get", "name"],
      "text-font": ["Geist"],
      "text-size": 11,
    },
    paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.4 },
  };
}
