/** Where a marker is between two reports: plain arithmetic on [lng, lat] pairs and milliseconds. */
export type LngLat = [lng: number, lat: number];

export interface Glide {
  from: LngLat;
  to: LngLat;
  /** Local time at which the move began, and how long it takes, in milliseconds. */
  start: number;
  span: number;
  /** Radians clockwise from north of the latest real movement; null until there was one. */
  heading: number | null;
}

const SHORTEST_MS = 250;
const LONGEST_MS = 6_000;
/** A little longer than the interval of reports, so that a late report finds the marker still moving. */
const STRETCH = 1.15;
/** Farther than this between two reports is a correction, not a drive: the marker jumps. About 3 km. */
const JUMP_DEG = 0.027;
/** Nearer than about 3 m is noise of a standing vehicle: it must not spin the arrow. */
const NOISE_DEG = 0.00003;

export function still(at: LngLat): Glide {
  return { from: at, to: at, start: 0, span: 0, heading: null };
}

export function positionAt(glide: Glide, now: number): LngLat {
  if (!isMoving(glide, now)) return glide.to;
  const t = Math.max(0, (now - glide.start) / glide.span);
  return [
    glide.from[0] + (glide.to[0] - glide.from[0]) * t,
    glide.from[1] + (glide.to[1] - glide.from[1]) * t,
  ];
}

export function isMoving(glide: Glide, now: number): boolean {
  return now < glide.start + glide.span;
}

/** Starts from wherever the marker is drawn now, so a new report never makes it jump back. */
export function retarget(glide: Glide, to: LngLat, now: number, sinceLastReport: number): Glide {
  const from = positionAt(glide, now);
  const distance = flatDegrees(from, to);
  if (distance > JUMP_DEG) return { ...still(to), heading: glide.heading };
  const span = Math.min(Math.max(sinceLastReport * STRETCH, SHORTEST_MS), LONGEST_MS);
  return { from, to, start: now, span, heading: distance > NOISE_DEG ? headingOf(from, to) : glide.heading };
}

/** Degrees of latitude between two near points, with longitude shrunk to the same scale. */
function flatDegrees(a: LngLat, b: LngLat): number {
  return Math.hypot((b[0] - a[0]) * Math.cos((a[1] * Math.PI) / 180), b[1] - a[1]);
}

export function headingOf(a: LngLat, b: LngLat): number {
  return Math.atan2((b[0] - a[0]) * Math.cos((a[1] * Math.PI) / 180), b[1] - a[1]);
}
