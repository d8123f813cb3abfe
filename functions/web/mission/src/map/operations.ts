import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import { TONES } from "../ui/tone";
import type { Palette } from "./palette";

function byTone(palette: Palette): ExpressionSpecification {
  const [first, second, ...rest] = TONES;
  const colour = palette.tones;
  const others = rest.flatMap((tone) => [tone, colour[tone]]);
  return ["match", ["get", "tone"], first, colour[first], second, colour[second], ...others, palette.ink];
}

const grow = (at10: number, at16: number): ExpressionSpecification => [
  "interpolate",
  ["linear"],
  ["zoom"],
  10,
  at10,
  16,
  at16,
];

/** Layers beneath the drivers: stores, the chosen order's way, drop-off points. */
export function operationLayers(palette: Palette): LayerSpecification[] {
  const tone = byTone(palette);
  return [
    {
      id: "route-glow",
      type: "line",
      source: "focus",
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-cap": "round" },
      paint: { "line-color": palette.ring, "line-width": 7, "line-opacity": 0.75 },
    },
    {
      id: "route",
      type: "line",
      source: "focus",
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-cap": "round" },
      paint: { "line-color": palette.accent, "line-width": 3, "line-dasharray": [0.1, 1.9] },
    },
    {
      id: "orders",
      type: "circle",
      source: "orders",
      paint: {
        "circle-color": palette.ring,
        "circle-radius": grow(1.7, 4.5),
        "circle-stroke-color": tone,
        "circle-stroke-width": grow(1.5, 3),
      },
    },
    {
      id: "focus-ring",
      type: "circle",
      source: "focus",
      filter: ["==", ["get", "role"], "dropoff"],
      paint: {
        "circle-color": palette.ring,
        "circle-radius": 8,
        "circle-stroke-color": palette.accent,
        "circle-stroke-width": 3.5,
      },
    },
    {
      id: "focus-pickup",
      type: "circle",
      source: "focus",
      filter: ["==", ["get", "role"], "pickup"],
      paint: { "circle-color": palette.accent, "circle-opacity": 0.16, "circle-radius": 19 },
    },
    {
      id: "stores",
      type: "symbol",
      source: "stores",
      layout: {
        "icon-image": ["case", ["get", "open"], "store-open", "store-closed"],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.62, 14, 1],
        "icon-allow-overlap": true,
        "text-field": ["step", ["zoom"], "", 12.6, ["get", "name"]],
        "text-font": ["Geist"],
        "text-size": 11.5,
        "text-anchor": "left",
        "text-offset": [0.95, 0],
        "text-max-width": 12,
        "text-optional": true,
      },
      paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.5 },
    },
  ];
}

/** A store's square, drawn once per theme: filled while it sells, hollow while it is closed. */
export function storeImage(palette: Palette, open: boolean): ImageData {
  const size = 32;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  const square = (inset: number, radius: number, colour: string) => {
    pen.beginPath();
    pen.roundRect(inset, inset, size - 2 * inset, size - 2 * inset, radius);
    pen.fillStyle = colour;
    pen.fill();
  };
  square(3, 8, palette.ring);
  square(6, 6, palette.store);
  if (!open) square(9, 4, palette.ring);
  return pen.getImageData(0, 0, size, size);
}
