import { expect, test } from "vitest";
import { backoffMs } from "./backoff";

test("waits double with each attempt, up to fifteen seconds", () => {
  expect([0, 1, 2, 5, 30].map((attempt) => backoffMs(attempt, 0))).toEqual([500, 1_000, 2_000, 15_000, 15_000]);
});

test("jitter shortens a wait by less than a third, so that consoles do not come back all at once", () => {
  expect([0, 0.5, 0.999].map((random) => backoffMs(1, random))).toEqual([1_000, 850, 700]);
});
