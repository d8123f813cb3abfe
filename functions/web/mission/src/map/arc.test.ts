import { expect, test } from "vitest";
import type { LngLat } from "../live/glide";
import { arc } from "./arc";

const WEST: LngLat = [-96.85, 32.78];
const EAST: LngLat = [-96.75, 32.78];

test("an arc begins and ends exactly at its points", () => {
  const line = arc(WEST, EAST);
  expect([line[0], line.at(-1)]).toEqual([WEST, EAST]);
});

test("an arc bows to the north in both directions, by about a sixth of its chord", () => {
  const chord = 0.1 * Math.cos((32.78 * Math.PI) / 180);
  for (const line of [arc(WEST, EAST), arc(EAST, WEST)]) {
    expect((line[16]?.[1] ?? 0) - 32.78).toBeCloseTo(0.16 * chord, 4);
  }
});

test("an arc of no length stays where it is", () => {
  for (const [lng, lat] of arc(WEST, WEST)) {
    expect(lng).toBeCloseTo(WEST[0], 12);
    expect(lat).toBeCloseTo(WEST[1], 12);
  }
});
