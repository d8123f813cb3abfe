import type { OrderSummary } from "../api/types";

/** Whether an order has what was typed in its id, its store's or its driver's name. */
export function matches(order: OrderSummary, typed: string, driverNames: ReadonlyMap<string, string>): boolean {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return true;
  const driver = order.driver_id === null ? "" : (driverNames.get(order.driver_id) ?? order.driver_id);
  return [order.id, order.store_name, driver].some((text) => text.toLowerCase().includes(wanted));
}
