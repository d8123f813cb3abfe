import { expect, test } from "vitest";
import type { Zone } from "../api/types";
import { SCALES, stepOf, zoneFeatures } from "./zones";

const ZONE: Zone = {
  cell: "8726cb9b6ffffff",
  centre: { lat: 32.78, lng: -96.8 },
  outline: [],
  demand: 1.4,
  waiting: 1,
  supply: 0,
  surge_bps: 12_500,
};

test("a value falls in the last step whose least value it reaches", () => {
  const { surge } = SCALES;
  expect([10_000, 10_500, 12_499, 12_500, 20_000].map((bps) => stepOf(surge, bps))).toEqual([0, 1, 1, 2, 4]);
});

test("a zone shows its figure, and waiting orders count as demand", () => {
  const shown = (["surge", "demand", "supply"] as const).map((figure) => zoneFeatures([ZONE], figure).features[0]?.properties);
  expect(shown.map((properties) => [properties?.step, properties?.text])).toEqual([[2, "1.25×"], [2, "2.4"], [0, ""]]);
});
