import { expect, test } from "vitest";
import type { DriverState } from "../api/types";
import { Fleet } from "./fleet";

const driver = (id: string, lat: number, at: string): DriverState => ({
  id,
  name: "Maya K.",
  status: "idle",
  position: { lat, lng: -96.8 },
  position_at: at,
  task_id: null,
  vehicle: "car",
});

test("a driver who is no longer in the snapshot leaves the map", () => {
  const fleet = new Fleet();
  fleet.replace([driver("drv_1", 32.7, "2026-11-20T10:00:00Z"), driver("drv_2", 32.8, "2026-11-20T10:00:00Z")], 0, true);
  fleet.replace([driver("drv_2", 32.8, "2026-11-20T10:00:05Z")], 5_000, true);
  expect(fleet.drawn(5_000).map(({ id }) => id)).toEqual(["drv_2"]);
});

test("a snapshot that is older than the stream does not pull a driver back", () => {
  const fleet = new Fleet();
  const position = { lat: 32.701, lng: -96.8 };
  fleet.replace([driver("drv_1", 32.7, "2026-11-20T10:00:00Z")], 0, true);
  fleet.report({ driverId: "drv_1", position, at: "2026-11-20T10:00:04Z", status: "to_pickup" }, 4_000, true);
  fleet.replace([driver("drv_1", 32.7, "2026-11-20T10:00:02Z")], 4_500, true);
  expect(fleet.at("drv_1", 60_000)).toEqual([-96.8, 32.701]);
  expect(fleet.drawn(60_000)[0]?.status).toBe("to_pickup");
});

test("drivers jump instead of gliding for people who asked for less motion", () => {
  const fleet = new Fleet();
  const position = { lat: 32.701, lng: -96.8 };
  fleet.replace([driver("drv_1", 32.7, "2026-11-20T10:00:00Z")], 0, false);
  fleet.report({ driverId: "drv_1", position, at: "2026-11-20T10:00:04Z", status: "idle" }, 4_000, false);
  expect(fleet.at("drv_1", 4_000)).toEqual([-96.8, 32.701]);
});
