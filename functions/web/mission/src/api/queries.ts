import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { FeatureCollection } from "geojson";
import { readClock, serverClock } from "../live/clock";
import { overlay } from "../live/overlay";
import { answer, api, getJson } from "./client";
import type { OrderStatus } from "./types";

export interface Streets extends FeatureCollection {
  generated: boolean;
  attribution: string;
}

export const dashboardQuery = (regionId: string) =>
  queryOptions({
    queryKey: ["dashboard", regionId],
    queryFn: async () => {
      const asked = performance.now();
      const dashboard = await answer(api.GET("/v1/admin/dashboard", { params: { query: { region_id: regionId } } }));
      // The server looked at its clock somewhere between the question and the answer.
      const readAt = (asked + performance.now()) / 2;
      serverClock.set(readClock(serverClock.get(), Date.parse(dashboard.now), readAt));
      return dashboard;
    },
    refetchInterval: 5_000,
  });

export const stateQuery = (regionId: string) =>
  queryOptions({
    queryKey: ["state", regionId],
    queryFn: async () => {
      const query = { region_id: regionId, include_completed: false, limit: 500 };
      return overlay.onto(await answer(api.GET("/v1/state", { params: { query } })));
    },
    refetchInterval: 10_000,
  });

export const zonesQuery = (regionId: string) =>
  queryOptions({
    queryKey: ["zones", regionId],
    queryFn: () => answer(api.GET("/v1/admin/zones", { params: { query: { region_id: regionId } } })),
    refetchInterval: 15_000,
  });

export const orderSearchQuery = (regionId: string, status: OrderStatus | "", q: string) =>
  infiniteQueryOptions({
    queryKey: ["orders", regionId, status, q],
    initialPageParam: "",
    queryFn: ({ pageParam }) => {
      const query = {
        region_id: regionId,
        limit: 50,
        ...(status && { status }),
        ...(q && { q }),
        ...(pageParam && { cursor: pageParam }),
      };
      return answer(api.GET("/v1/admin/orders", { params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

export const orderQuery = (orderId: string) =>
  queryOptions({
    queryKey: ["order", orderId],
    queryFn: () => answer(api.GET("/v1/orders/{order_id}", { params: { path: { order_id: orderId } } })),
  });

export const dossierQuery = (orderId: string) =>
  queryOptions({
    queryKey: ["dossier", orderId],
    queryFn: () => answer(api.GET("/v1/orders/{order_id}/dossier", { params: { path: { order_id: orderId } } })),
  });

/** A month's checks at the door by driver; `anomalous` leaves out those of whom nothing stands out. */
export const doorstepChecksQuery = (regionId: string, anomalous: boolean) =>
  infiniteQueryOptions({
    queryKey: ["doorstep", regionId, anomalous],
    initialPageParam: "",
    queryFn: ({ pageParam }) => {
      const query = { region_id: regionId, anomalous, limit: 200, ...(pageParam && { cursor: pageParam }) };
      return answer(api.GET("/v1/admin/drivers/doorstep_checks", { params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 60_000,
  });

export const driverChecksQuery = (regionId: string, driverId: string) =>
  queryOptions({
    queryKey: ["doorstep", regionId, driverId],
    queryFn: async () => {
      const query = { region_id: regionId, driver_id: driverId };
      const { items } = await answer(api.GET("/v1/admin/drivers/doorstep_checks", { params: { query } }));
      return items[0] ?? null;
    },
  });

export const verifyDossier = (orderId: string) =>
  answer(api.GET("/v1/orders/{order_id}/dossier/verify", { params: { path: { order_id: orderId } } }));

export const ticksQuery = (regionId: string) =>
  queryOptions({
    queryKey: ["ticks", regionId],
    queryFn: () => answer(api.GET("/v1/admin/dispatch/ticks", { params: { query: { region_id: regionId, limit: 60 } } })),
    refetchInterval: 5_000,
  });

export const tickQuery = (tickId: string) =>
  queryOptions({
    queryKey: ["tick", tickId],
    queryFn: () => answer(api.GET("/v1/admin/dispatch/ticks/{tick_id}", { params: { path: { tick_id: tickId } } })),
    staleTime: Infinity,
  });

export const streetsQuery = (regionId: string) =>
  queryOptions({
    queryKey: ["streets", regionId],
    queryFn: () => getJson<Streets>(`/map/streets.geojson?region_id=${encodeURIComponent(regionId)}`),
    staleTime: Infinity,
  });
