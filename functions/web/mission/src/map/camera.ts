import { LngLatBounds, type Map as MapLibreMap, type PaddingOptions } from "maplibre-gl";
import type { MissionConfig } from "../api/types";
import type { LngLat } from "../live/glide";

const MOVE_MS = 700;
/** Margin around what is framed: this many pixels, or this share of the uncovered width where there is little. */
const AROUND_PX = 70;
const AROUND_SHARE = 0.2;
const CLOSEST = 14.5;

const TOP_PX = 56;
const BOTTOM_PX = 40;

/** What floats over the map, in pixels: the phone's sheet at half height, or the dock and an open detail. */
export function covered(phone: boolean): PaddingOptions {
  if (phone) return { top: TOP_PX, left: 0, right: 0, bottom: Math.round(window.innerHeight * 0.5) };
  const dock = document.querySelector<HTMLElement>("[data-covers=left]");
  const detail = document.querySelector<HTMLElement>("[data-covers=right]");
  return {
    top: TOP_PX,
    left: dock === null ? 0 : dock.offsetLeft + dock.offsetWidth,
    right: detail === null ? 0 : window.innerWidth - detail.offsetLeft,
    bottom: BOTTOM_PX,
  };
}

/** Moves to where all points are in the uncovered part of the map. */
export function frame(map: MapLibreMap, points: readonly LngLat[], phone: boolean): void {
  const bounds = points.reduce((box, point) => box.extend(point), new LngLatBounds());
  // The camera for bounds is computed for the padding in force: it is set for the computation, then eased to.
  const before = map.getPadding();
  const padding = covered(phone);
  const free = window.innerWidth - (padding.left ?? 0) - (padding.right ?? 0);
  map.setPadding(padding);
  const around = Math.min(AROUND_PX, free * AROUND_SHARE);
  const camera = map.cameraForBounds(bounds, { padding: around, maxZoom: CLOSEST });
  map.setPadding(before);
  if (camera !== undefined) map.easeTo({ ...camera, padding, duration: MOVE_MS });
}

export function showRegion(map: MapLibreMap, config: MissionConfig, phone: boolean, smoothly: boolean): void {
  const duration = smoothly ? MOVE_MS : 0;
  map.easeTo({ center: config.center, zoom: config.zoom, padding: covered(phone), duration });
}

/** Shifts the middle of the map to the middle of what is uncovered now. */
export function recentre(map: MapLibreMap, phone: boolean): void {
  map.easeTo({ padding: covered(phone), duration: MOVE_MS / 2 });
}
