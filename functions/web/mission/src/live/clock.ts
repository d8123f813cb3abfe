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
  const [now, setNow] = useState(() => read());
  useEffect(() => {
    const update = () => setNow(read());
    const timer = window.setInterval(update, 1_000);
    const unsubscribe = serverClock.subscribe(update);
    return () => {
      window.clearInterval(timer);
      unsubscribe();
    };
  }, []);
  return now;
}

function read(): number | null {
  const clock = serverClock.get();
  return clock === null ? null : serverTimeAt(clock, performance.now());
}
