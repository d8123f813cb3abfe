import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { dashboardQuery, stateQuery } from "../api/queries";
import type { StreamEvent } from "../api/sse";
import { followStream } from "../api/stream";
import type { Position } from "../api/types";
import { createStore } from "../ui/store";
import { useMedia } from "../ui/useMedia";
import { serverTime } from "./clock";
import { fleet } from "./fleet";
import { type DriverEvent, type OrderEvent, overlay } from "./overlay";

/** `since` is server time, in epoch milliseconds. */
export type Connection = { phase: "connecting" } | { phase: "live" } | { phase: "lost"; since: number | null };

export const connection = createStore<Connection>({ phase: "connecting" });

/** Events come in bursts; React sees them four times a second at most. */
const FLUSH_MS = 250;

/** Keeps clock, fleet and cached lists of one region in step with the server while the console is open. */
export function useLive(regionId: string, token: string): void {
  const client = useQueryClient();
  const glides = !useMedia("(prefers-reduced-motion: reduce)");
  const { data: state } = useQuery(stateQuery(regionId));
  // Its answers set the clock, whichever panel is open.
  useQuery(dashboardQuery(regionId));

  useEffect(() => {
    if (state !== undefined) fleet.replace(state.drivers, performance.now(), glides);
  }, [state, glides]);

  useEffect(() => {
    const closing = new AbortController();
    const flush = flusher(client, regionId);
    connection.set({ phase: "connecting" });
    const path = `/v1/admin/stream?region_id=${encodeURIComponent(regionId)}`;
    const handlers = {
      onOpen: () => {
        if (connection.get().phase === "lost") void client.invalidateQueries();
        connection.set({ phase: "live" });
      },
      onEvent: (event: StreamEvent) => take(event, glides, flush),
      onDrop: () => {
        if (connection.get().phase !== "lost") connection.set({ phase: "lost", since: serverTime() });
      },
    };
    void followStream(path, token, handlers, closing.signal);
    return () => {
      closing.abort();
      flush.cancel();
    };
  }, [client, regionId, token, glides]);
}

function take(event: StreamEvent, glides: boolean, flush: Flusher): void {
  if (event.type === "driver_position") {
    const moved = JSON.parse(event.data) as DriverEvent & { position: Position };
    const { driver_id: driverId, position, at, status } = moved;
    fleet.report({ driverId, position, at, status }, performance.now(), glides);
    overlay.driverChanged(moved);
    flush.schedule();
  } else if (event.type === "order_status") {
    const changed = JSON.parse(event.data) as OrderEvent;
    overlay.orderChanged(changed);
    flush.schedule(changed.order_id);
  }
}

interface Flusher {
  schedule(orderId?: string): void;
  cancel(): void;
}

function flusher(client: QueryClient, regionId: string): Flusher {
  const { queryKey } = stateQuery(regionId);
  let timer: number | null = null;
  let changed = new Set<string>();

  function flush(): void {
    timer = null;
    const orders = changed;
    changed = new Set();
    const known = new Set(client.getQueryData(queryKey)?.orders.map((order) => order.id));
    client.setQueryData(queryKey, (state) => state && overlay.applied(state));
    for (const id of orders) {
      void client.invalidateQueries({ queryKey: ["order", id] });
      void client.invalidateQueries({ queryKey: ["dossier", id] });
    }
    if (orders.size > 0) void client.invalidateQueries({ queryKey: ["orders", regionId] });
    if ([...orders].some((id) => !known.has(id))) void client.invalidateQueries({ queryKey });
  }

  return {
    schedule(orderId) {
      if (orderId !== undefined) changed.add(orderId);
      timer ??= window.setTimeout(flush, FLUSH_MS);
    },
    cancel() {
      if (timer !== null) window.clearTimeout(timer);
    },
  };
}
