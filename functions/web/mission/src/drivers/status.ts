import type { DriverStatus } from "../api/types";
import type { Tone } from "../ui/tone";

export interface DriverStatusView {
  name: string;
  tone: Tone;
}

export const DRIVER_STATUSES: Record<DriverStatus, DriverStatusView> = {
  returning: { name: "Going back to store", tone: "alert" },
  at_dropoff: { name: "At the door", tone: "door" },
  to_dropoff: { name: "To customer", tone: "road" },
  at_pickup: { name: "At the store", tone: "store" },
  to_pickup: { name: "To store", tone: "store" },
  offered: { name: "Offer open", tone: "wait" },
  idle: { name: "Idle", tone: "idle" },
};

/** In the order in which a dispatcher cares: exceptions first, idle last. */
export const DRIVER_STATUS_ORDER = Object.keys(DRIVER_STATUSES) as DriverStatus[];
