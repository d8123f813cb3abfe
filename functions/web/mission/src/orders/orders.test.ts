import { expect, test } from "vitest";
import type { OrderSummary } from "../api/types";
import { matches } from "./matches";
import { ALL_STATUSES, isOpen, stageOf, statusName } from "./status";

const order = { id: "ord_01k9zzx7k2mq", store_name: "Bishop Arts Vape", driver_id: "drv_1" } as OrderSummary;
const names = new Map([["drv_1", "Maya K."]]);

test("an order is found by the end of its id, its store and its driver, in any case", () => {
  expect(["x7k2mq", "bishop", "MAYA", "  vape "].map((typed) => matches(order, typed, names))).toEqual(
    Array(4).fill(true),
  );
});

test("an order is not found by anything else", () => {
  expect(matches(order, "oak cliff", names)).toBe(false);
});

test("an order is open while its goods go back or its payment can be tried again", () => {
  expect(["refused", "payment_declined"].map(isOpen)).toEqual([true, true]);
});

test("five statuses are final, all others open", () => {
  expect(ALL_STATUSES.filter((status) => !isOpen(status)).sort()).toEqual([
    "age_failed",
    "cancelled",
    "delivered",
    "merchant_rejected",
    "returned",
  ]);
});

test("a status that only a newer server knows is shown by its own name and counts as open", () => {
  expect([statusName("held_by_customs"), isOpen("held_by_customs")]).toEqual(["Held by customs", true]);
});

test("an assigned order is at the store until its driver has picked it up", () => {
  expect([stageOf("dispatched"), stageOf("picked_up")]).toEqual(["store", "road"]);
});
