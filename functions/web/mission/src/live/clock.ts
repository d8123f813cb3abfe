import { useEffect, useState } from "react";
import { createStore } from "../ui/store";

export interface ServerClock {
  /** Server time in epoch milliseconds, read at local time `readAt`. */
  server: number;
  readAt: number;
  /** Server seconds per real second, as measured since the anchor: above 1 while a day is replayed fast. */
  speed: number;
  anchor: Reading;
}

/** Both in milliseconds; the longer ago, the less the network's delays blur the speed measured from it. */
interface Reading {
  server: number;
  readAt: number;
}

export const serverClock = createStore<ServerClock | null>(null);

/** Readings closer together than this measure the network, not the clock. */
const SHORTEST_MEASURE_MS = 2_000;
/** Off the expected time by more than this share of the time passed, the clock's speed was changed. */
const CHANGED = 0.2;
/** What is told to people was measured for at least this long. */
const TOLD_AFTER_MS = 8_000;

/** What a reading adds to what is known. The first one cannot tell the speed, and takes it to be that of the world. */
export function readClock(known: ServerClock | null, server: number, readAt: number): ServerClock {
  if (known === null) return { server, readAt, speed: 1, anchor: { server, readAt } };
  const passed = readAt - known.readAt;
  if (passed < SHORTEST_MEASURE_MS) return known;
  const off = Math.abs(server - serverTimeAt(known, readAt));
  const { server: from, readAt: at } = off > CHANGED * passed * Math.max(1, known.speed) ? known : known.anchor;
  return { server, readAt, speed: Math.max(0, (server - from) / (readAt - at)), anchor: { server: from, readAt: at } };
}

export function serverTimeAt(clock: ServerClock, local: number): number {
  return clock.server + (local - clock.readAt) * clock.speed;
}

/** How many times the world's speed the server's clock runs, in whole steps: below that it is jitter. */
export function wholeSpeed(clock: ServerClock | null): number {
  if (clock === null || clock.readAt - clock.anchor.readAt < TOLD_AFTER_MS) return 1;
  return Math.max(1, Math.round(clock.speed));
}

/** Server time now, in epoch milliseconds, refreshed each second; null until the server has told its time. */
export function useServerTime(): number | null {
  const [now, setNow] = useState(serverTime);
  useEffect(() => {
    const update = () => setNow(serverTime());
    const timer = window.setInterval(update, 1_000);
    const unsubscribe = serverClock.subscribe(update);
    return () => {
      window.clearInterval(timer);
      unsubscribe();
    };
  }, []);
  return now;
}

/** Server time at this moment, in epoch milliseconds, or null while it is unknown. */
export function serverTime(): number | null {
  const clock = serverClock.get();
  return clock === null ? null : serverTimeAt(clock, performance.now());
}
