import type { Map as MapLibreMap, MapMouseEvent, PointLike } from "maplibre-gl";
import type { Fleet } from "../live/fleet";

export type Target = { kind: "driver" | "order" | "zone"; id: string } | { kind: "store"; id: string; name: string };

export type Pointed = Target & { x: number; y: number };

const REACH_PX = 13;

/** What lies under a point of the map: a driver before an order or a store, and these before the zone. */
export function targetAt(map: MapLibreMap, fleet: Fleet, point: { x: number; y: number }): Target | null {
  let nearest: { id: string; distance: number } | null = null;
  for (const { id, at } of fleet.drawn(performance.now())) {
    const { x, y } = map.project(at);
    const distance = Math.hypot(x - point.x, y - point.y);
    if (distance <= REACH_PX && distance < (nearest?.distance ?? Infinity)) nearest = { id, distance };
  }
  if (nearest !== null) return { kind: "driver", id: nearest.id };
  const box: [PointLike, PointLike] = [
    [point.x - 5, point.y - 5],
    [point.x + 5, point.y + 5],
  ];
  const feature = map.queryRenderedFeatures(box, { layers: ["orders", "stores"] })[0];
  if (feature === undefined) return zoneAt(map, point);
  const { id, name } = feature.properties as { id: string; name: string };
  return feature.layer.id === "orders" ? { kind: "order", id } : { kind: "store", id, name };
}

function zoneAt(map: MapLibreMap, { x, y }: { x: number; y: number }): Target | null {
  const zone = map.queryRenderedFeatures([x, y], { layers: ["zones"] })[0];
  return zone === undefined ? null : { kind: "zone", id: String(zone.properties.cell) };
}

/** Tells what the pointer is over and what was clicked, until the returned function is called. */
export function watchPointer(
  map: MapLibreMap,
  fleet: Fleet,
  onPoint: (pointed: Pointed | null) => void,
  onChoose: (target: Target) => void,
): () => void {
  const move = (event: MapMouseEvent) => {
    const target = targetAt(map, fleet, event.point);
    map.getCanvas().style.cursor = target === null || target.kind === "zone" ? "" : "pointer";
    onPoint(target && { ...target, x: event.point.x, y: event.point.y });
  };
  const leave = () => onPoint(null);
  const click = (event: MapMouseEvent) => {
    const target = targetAt(map, fleet, event.point);
    if (target !== null) onChoose(target);
  };
  map.on("mousemove", move);
  map.on("mouseout", leave);
  map.on("movestart", leave);
  map.on("click", click);
  return () => {
    map.off("mousemove", move);
    map.off("mouseout", leave);
    map.off("movestart", leave);
    map.off("click", click);
  };
}
