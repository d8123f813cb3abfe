import { LngLatBounds, type Map as MapLibreMap, type PaddingOptions } from "maplibre-gl";
import type { LngLat } from "../live/glide";
import type { MissionConfig } from "../session/config";

const MOVE_MS = 700;
const AROUND_PX = 70;
const CLOSEST = 14.5;

/** What floats over the map, in pixels: the dock on the left, the detail on the right, or the phone's sheet. */
export function coveredBy(phone: boolean, detail: boolean): PaddingOptions {
  if (phone) return { top: 56, left: 0, right: 0, bottom: Math.round(window.innerHeight * 0.5) };
  return { top: 56, left: 456, right: detail ? 428 : 0, bottom: 40 };
}

/** Moves to where all points are in the uncovered part of the map. */
export function frame(map: MapLibreMap, points: readonly LngLat[], covered: PaddingOptions): void {
  const bounds = points.reduce((box, point) => box.extend(point), new LngLatBounds());
  // The camera for bounds is computed for the padding in force: it is set for the computation, then eased to.
  const before = map.getPadding();
  map.setPadding(covered);
  const camera = map.cameraForBounds(bounds, { padding: AROUND_PX, maxZoom: CLOSEST });
  map.setPadding(before);
  if (camera !== undefined) map.easeTo({ ...camera, padding: covered, duration: MOVE_MS });
}

export function showRegion(map: MapLibreMap, config: MissionConfig, covered: PaddingOptions): void {
  map.easeTo({ center: config.center, zoom: config.zoom, padding: covered, duration: MOVE_MS });
}

export function uncover(map: MapLibreMap, covered: PaddingOptions): void {
  map.easeTo({ padding: covered, duration: MOVE_MS / 2 });
}
