import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { orderQuery, stateQuery } from "../api/queries";
import type { Position } from "../api/types";
import { isOpen } from "../orders/status";
import { useRoute } from "../ui/route";
import { driverInView } from "./commands";

export interface Focus {
  /** What was chosen; the camera moves when it changes and not when its data does. */
  key: string | null;
  order: { pickup: Position; dropoff: Position } | null;
  driverId: string | null;
  /** Whether a detail view covers a part of the map. */
  detail: boolean;
}

/** The order or driver that the address names, as far as the map can show it; a driver brings the order on board. */
export function useFocus(regionId: string): Focus {
  const { panel, id } = useRoute();
  const orderId = panel === "orders" || panel === "overview" ? id : null;
  const { data: order } = useQuery({ ...orderQuery(orderId ?? ""), enabled: orderId !== null });
  const { data: state } = useQuery(stateQuery(regionId));

  const carried = panel === "drivers" ? state?.orders.find((open) => open.driver_id === id) : undefined;
  const chosen = (orderId === null ? carried : order) ?? null;
  // Who delivered a closed order is on another way by now.
  const driverId = panel === "drivers" ? id : chosen !== null && isOpen(chosen.status) ? chosen.driver_id : null;
  const isOnline = state?.drivers.some((driver) => driver.id === driverId) ?? false;
  const onlineId = isOnline ? driverId : null;

  useEffect(() => {
    driverInView.set(onlineId);
  }, [onlineId]);

  const ready = panel === "drivers" ? isOnline : chosen !== null;
  return { key: ready ? id : null, order: chosen, driverId: onlineId, detail: id !== null };
}
