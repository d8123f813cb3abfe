import type { Feature, FeatureCollection, Point } from "geojson";
import type { OrderSummary, Position, StoreState } from "../api/types";
import type { LngLat } from "../live/glide";
import { toneOf } from "../orders/status";
import { arc } from "./arc";

export const lngLat = ({ lng, lat }: Position): LngLat => [lng, lat];

const point = (position: Position, properties: Record<string, unknown>): Feature<Point> => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: lngLat(position) },
  properties,
});

const collection = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

export const NOTHING = collection([]);

export const orderFeatures = (orders: readonly OrderSummary[]): FeatureCollection =>
  collection(orders.map(({ id, dropoff, status }) => point(dropoff, { id, tone: toneOf(status) })));

export const storeFeatures = (stores: readonly StoreState[]): FeatureCollection =>
  collection(stores.map(({ id, name, open, position }) => point(position, { id, name, open })));

/** The chosen order: its two ends and the way between them. */
export function focusFeatures(order: Pick<OrderSummary, "pickup" | "dropoff"> | null): FeatureCollection {
  if (order === null) return NOTHING;
  const way = arc(lngLat(order.pickup), lngLat(order.dropoff));
  return collection([
    { type: "Feature", geometry: { type: "LineString", coordinates: way }, properties: {} },
    point(order.pickup, { role: "pickup" }),
    point(order.dropoff, { role: "dropoff" }),
  ]);
}
