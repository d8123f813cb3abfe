import { expect, test } from "vitest";
import type { State } from "../api/types";
import { Overlay } from "./overlay";

const spot = { lat: 32.78, lng: -96.8 };
const snapshot = (now: string): State => ({
  now,
  statistics: { open_orders: 1, online_drivers: 0, busy_drivers: 0, by_status: { ready: 1 } },
  orders: [
    {
      id: "ord_1",
      status: "ready",
      store_id: "sto_1",
      store_name: "Corner",
      pickup: spot,
      dropoff: spot,
      driver_id: null,
      restricted: true,
      created_at: now,
      promised_until: now,
      stuck_reason: null,
      total_minor: 2_500,
      currency: "USD",
    },
  ],
  drivers: [],
  stores: [],
});

test("an event newer than the snapshot wins over it", () => {
  const overlay = new Overlay();
  overlay.orderChanged({ order_id: "ord_1", status: "dispatched", at: "2026-11-20T10:00:06Z", driver_id: "drv_9" });
  const order = overlay.onto(snapshot("2026-11-20T10:00:05Z")).orders[0];
  expect(order).toMatchObject({ status: "dispatched", driver_id: "drv_9" });
});

test("a snapshot taken after the event is believed", () => {
  const overlay = new Overlay();
  overlay.orderChanged({ order_id: "ord_1", status: "dispatched", at: "2026-11-20T10:00:06Z", driver_id: "drv_9" });
  expect(overlay.onto(snapshot("2026-11-20T10:00:07Z")).orders[0]?.status).toBe("ready");
});

test("a delivered order leaves the open ones at once", () => {
  const overlay = new Overlay();
  overlay.orderChanged({ order_id: "ord_1", status: "delivered", at: "2026-11-20T10:00:06Z", driver_id: "drv_9" });
  expect(overlay.onto(snapshot("2026-11-20T10:00:05Z")).orders).toEqual([]);
});
