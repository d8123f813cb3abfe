import { type Tone, TONES } from "../ui/tone";

/** Steps of the zones' ramp in the style sheet. */
export const ZONE_STEPS = [0, 1, 2, 3, 4] as const;

/** Colours of the map, read from the style sheet so that there is one place to change them. */
export interface Palette {
  land: string;
  water: string;
  park: string;
  street: string;
  streetEdge: string;
  artery: string;
  arteryEdge: string;
  motorway: string;
  motorwayEdge: string;
  ink: string;
  halo: string;
  ring: string;
  store: string;
  accent: string;
  tones: Record<Tone, string>;
  /** From little to much. */
  zones: string[];
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => normalised(style.getPropertyValue(`--${name}`));
  return {
    land: read("map-land"),
    water: read("map-water"),
    park: read("map-park"),
    street: read("map-street"),
    streetEdge: read("map-street-edge"),
    artery: read("map-artery"),
    arteryEdge: read("map-artery-edge"),
    motorway: read("map-motorway"),
    motorwayEdge: read("map-motorway-edge"),
    ink: read("map-ink"),
    halo: read("map-halo"),
    ring: read("map-ring"),
    store: read("map-store"),
    accent: read("accent"),
    tones: Object.fromEntries(TONES.map((tone) => [tone, read(`tone-${tone}`)])) as Record<Tone, string>,
    zones: ZONE_STEPS.map((step) => read(`zone-${step}`)),
  };
}

/** Any CSS colour as "#rrggbb", whatever form a style sheet or its minifier gave it. */
function normalised(colour: string): string {
  const pen = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
  pen.fillStyle = colour.trim();
  return pen.fillStyle;
}

/** "#rrggbb" → red, green and blue between 0 and 1, as shaders take them. */
export function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
