import { expect, test } from "vitest";
import { parseRoute, printRoute } from "./route";

test("a route survives being printed and read again", () => {
  const route = { panel: "orders" as const, id: "ord_01", params: { stage: "road", q: "oak cliff & co" } };
  expect(parseRoute(printRoute(route))).toEqual(route);
});

test("an empty or unknown address shows the overview", () => {
  expect(parseRoute("")).toEqual({ panel: "overview", id: null, params: {} });
  expect(parseRoute("#/nowhere/x1")).toEqual({ panel: "overview", id: null, params: {} });
});

test("empty filters leave no trace in the address", () => {
  expect(printRoute({ panel: "orders", id: null, params: { q: "", stage: "door" } })).toBe("#/orders?stage=door");
});
