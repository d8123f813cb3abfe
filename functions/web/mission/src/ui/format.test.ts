import { describe, expect, test } from "vitest";
import { ago, count, day, dueIn, duration, milliseconds, money, percent, shortHash, shortId, span, words } from "./format";

const NOON = Date.parse("2026-11-20T12:00:00Z");

describe("durations", () => {
  test("read as a clock, with hours only when there are any", () => {
    expect(duration(95)).toBe("1:35");
    expect(duration(59.6)).toBe("1:00");
    expect(duration(3_905)).toBe("1:05:05");
    expect(duration(-61)).toBe("−1:01");
  });

  test("are a dash while nothing was measured", () => {
    expect(duration(null)).toBe("–");
    expect(milliseconds(null)).toBe("–");
    expect(percent(0, 0)).toBe("–");
  });

  test("read in words from seconds to hours", () => {
    expect([span(8), span(725), span(11_100)]).toEqual(["8 s", "12 min", "3 h 05"]);
  });

  test("carry a full hour of minutes over", () => {
    expect([span(3_590), span(7_199)]).toEqual(["1 h 00", "2 h 00"]);
  });
});

test("a date is the same day wherever it is read", () => {
  expect([day("2026-11-20"), day("2024-02-29")]).toEqual(["20 Nov 2026", "29 Feb 2024"]);
});

test("money takes its decimals from the currency", () => {
  expect(money(123_456, "USD")).toBe("$1,234.56");
  expect(money(500, "JPY")).toBe("¥500");
});

test("large counts are shortened, exact ones are grouped", () => {
  expect([count(12_345), count(1_240_000)]).toEqual(["12,345", "1.2M"]);
});

test("milliseconds keep a decimal only while it matters", () => {
  expect([6.44, 9.97, 242.4].map(milliseconds)).toEqual(["6.4 ms", "10 ms", "242 ms"]);
});

test("an order is due until its promise has passed, then late", () => {
  expect(dueIn("2026-11-20T12:12:00Z", NOON)).toEqual({ text: "due in 12 min", late: false });
  expect(dueIn("2026-11-20T11:56:00Z", NOON)).toEqual({ text: "4 min late", late: true });
});

test("the last second is now", () => {
  expect(ago("2026-11-20T11:59:59.500Z", NOON)).toBe("now");
  expect(ago("2026-11-20T11:59:30Z", NOON)).toBe("30 s ago");
});

test("event names of any convention become one sentence", () => {
  expect(["OrderPlaced", "order.placed", "order_placed"].map(words)).toEqual(Array(3).fill("Order placed"));
});

test("ids and hashes are cut where they still tell things apart", () => {
  expect(shortId("ord_01k9abcdefxyz123")).toBe("xyz123");
  expect(shortHash("0123456789abcdef".repeat(4))).toBe("01234567…abcdef");
});
