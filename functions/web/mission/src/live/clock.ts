import { useEffect, useState } from "react";
import { createStore } from "../ui/store";

interface ServerClock {
  /** Server time in epoch milliseconds, read at local time `readAt`. */
  server: number;
  readAt: number;
  /** Server seconds per real second: above 1 while a day is replayed fast. */
  speed: number;
}

export const serverClock = createStore<ServerClock | null>(null);

export function serverTimeAt(clock: ServerClock, local: number): number {
  return clock.server + (local - clock.readAt) * clock.speed;
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
