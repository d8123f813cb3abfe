import { words } from "../ui/format";
import type { Tone } from "../ui/tone";

export interface DriverStatusView {
  name: string;
  tone: Tone;
}

/** In the order in which a dispatcher cares: exceptions first, idle last. */
const DRIVER_STATUSES = new Map<string, DriverStatusView>([
  ["returning", { name: "Going back to store", tone: "alert" }],
  ["at_dropoff", { name: "At the door", tone: "door" }],
  ["to_dropoff", { name: "To customer", tone: "road" }],
  ["at_pickup", { name: "At the store", tone: "store" }],
  ["to_pickup", { name: "To store", tone: "store" }],
  ["offered", { name: "Offer open", tone: "wait" }],
  ["idle", { name: "Idle", tone: "idle" }],
]);

export const DRIVER_STATUS_ORDER: readonly string[] = [...DRIVER_STATUSES.keys()];

/** A status that only a newer server knows is shown by its own name. */
export const driverStatus = (status: string): DriverStatusView =>
  DRIVER_STATUSES.get(status) ?? { name: words(status), tone: "wait" };
