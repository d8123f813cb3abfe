import { describe, expect, test } from "vitest";
import { sseParser } from "./sse";

const WIRE = 'id: 7\nevent: order_status\ndata: {"a":1}\n\n: keep-alive\n\nid: 8\ndata: one\ndata: two\n\n';
const EVENTS = [
  { id: "7", type: "order_status", data: '{"a":1}' },
  { id: "8", type: "message", data: "one\ntwo" },
];

describe("the event stream parser", () => {
  test("reads events and leaves comments out", () => {
    expect(sseParser().push(WIRE)).toEqual(EVENTS);
  });

  test("gives the same events wherever the network cuts the text", () => {
    for (let cut = 0; cut <= WIRE.length; cut += 1) {
      const parser = sseParser();
      expect([...parser.push(WIRE.slice(0, cut)), ...parser.push(WIRE.slice(cut))]).toEqual(EVENTS);
    }
  });

  test("takes CRLF and CR line ends, even when a CRLF is cut in two", () => {
    const parser = sseParser();
    expect(parser.push("data: a\r")).toEqual([]);
    expect(parser.push("\n\r\ndata: b\r\r")).toEqual([
      { id: "", type: "message", data: "a" },
    ]);
    expect(parser.push("x")).toEqual([{ id: "", type: "message", data: "b" }]);
  });

  test("keeps the last id for later events without one", () => {
    expect(sseParser().push("id: 4\ndata: a\n\ndata: b\n\n").map((event) => event.id)).toEqual(["4", "4"]);
  });

  test("holds back an event whose empty line has not come yet", () => {
    expect(sseParser().push("data: unfinished\n")).toEqual([]);
  });
});
