import { expect, test } from "vitest";
import { readClock, type ServerClock, serverTimeAt, wholeSpeed } from "./clock";

/** A clock read every five real seconds, at these server seconds. */
const readEveryFiveSeconds = (...seconds: number[]): ServerClock | null =>
  seconds.reduce<ServerClock | null>((clock, second, index) => readClock(clock, second * 1_000, index * 5_000), null);

test("the first reading is taken to run at the world's speed", () => {
  expect(serverTimeAt(readClock(null, 1_000_000, 500), 2_500)).toBe(1_002_000);
});

test("later readings tell how fast the server's clock runs, whatever the network adds to each", () => {
  expect(wholeSpeed(readEveryFiveSeconds(0, 51, 99))).toBe(10);
});

test("a speed is not told before it was measured for a while", () => {
  expect(wholeSpeed(readEveryFiveSeconds(0, 58))).toBe(1);
});

test("a clock that changes its speed is measured anew", () => {
  expect(wholeSpeed(readEveryFiveSeconds(0, 50, 100, 105, 110, 115))).toBe(1);
});

test("readings too close together change nothing", () => {
  const clock = readClock(null, 1_000_000, 0);
  expect(readClock(clock, 1_009_000, 300)).toBe(clock);
});
