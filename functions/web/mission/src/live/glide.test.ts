import { describe, expect, test } from "vitest";
import { headingOf, isMoving, type LngLat, positionAt, retarget, still } from "./glide";

const HOME: LngLat = [-96.8, 32.78];
const CORNER: LngLat = [-96.798, 32.781];

describe("a gliding marker", () => {
  test("is half way after half of its time, and stays at the end", () => {
    const glide = retarget(still(HOME), CORNER, 1_000, 2_000);
    const [lng, lat] = positionAt(glide, 1_000 + glide.span / 2);
    expect(lng).toBeCloseTo(-96.799, 9);
    expect(lat).toBeCloseTo(32.7805, 9);
    expect(positionAt(glide, 1_000 + glide.span)).toEqual(CORNER);
    expect(positionAt(glide, 99_000)).toEqual(CORNER);
  });

  test("goes on from where it is drawn when the next report comes early", () => {
    const first = retarget(still(HOME), CORNER, 0, 2_000);
    const drawn = positionAt(first, 700);
    const second = retarget(first, [-96.797, 32.782], 700, 700);
    expect(positionAt(second, 700)).toEqual(drawn);
  });

  test("jumps over a correction of many kilometres", () => {
    const glide = retarget(still(HOME), [-96.6, 32.9], 0, 2_000);
    expect(positionAt(glide, 0)).toEqual([-96.6, 32.9]);
    expect(isMoving(glide, 0)).toBe(false);
  });

  test("moves for no longer than six seconds after a long silence", () => {
    expect(retarget(still(HOME), CORNER, 0, 600_000).span).toBe(6_000);
  });

  test("does not turn on the noise of a standing vehicle", () => {
    const arrived = retarget(still(HOME), CORNER, 0, 1_000);
    const jitter: LngLat = [CORNER[0] + 0.00001, CORNER[1] - 0.00001];
    expect(retarget(arrived, jitter, 5_000, 1_000).heading).toBe(arrived.heading);
  });
});

describe("a heading", () => {
  test("is 0 to the north, a quarter turn to the east, negative to the west", () => {
    expect(headingOf(HOME, [HOME[0], HOME[1] + 0.01])).toBeCloseTo(0);
    expect(headingOf(HOME, [HOME[0] + 0.01, HOME[1]])).toBeCloseTo(Math.PI / 2);
    expect(headingOf(HOME, [HOME[0] - 0.01, HOME[1]])).toBeCloseTo(-Math.PI / 2);
  });
});
