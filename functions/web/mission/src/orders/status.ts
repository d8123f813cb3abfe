import type { OrderStatus } from "../api/types";
import { words } from "../ui/format";
import type { Tone } from "../ui/tone";

/** Where an order's goods are, which is what an operator looks for first. */
export type Stage = "checkout" | "store" | "road" | "door" | "attention" | "done" | "closed";

export interface StageView {
  name: string;
  /** The name where a word must do. */
  short: string;
  tone: Tone;
}

export const STAGES: Record<Stage, StageView> = {
  checkout: { name: "Checkout", short: "Checkout", tone: "wait" },
  store: { name: "At the store", short: "Store", tone: "store" },
  road: { name: "On the road", short: "Road", tone: "road" },
  door: { name: "At the door", short: "Door", tone: "door" },
  attention: { name: "Going back", short: "Back", tone: "alert" },
  done: { name: "Delivered", short: "Delivered", tone: "done" },
  closed: { name: "Closed", short: "Closed", tone: "idle" },
};

/** The stages of an order that is still open, in the order in which it passes them. */
export const OPEN_STAGES = ["checkout", "store", "road", "door", "attention"] as const;

const STATUSES: Record<OrderStatus, { name: string; stage: Stage }> = {
  created: { name: "Placed", stage: "checkout" },
  age_pending: { name: "Age check running", stage: "checkout" },
  age_verified: { name: "Age verified", stage: "checkout" },
  age_failed: { name: "Age check failed", stage: "closed" },
  payment_authorized: { name: "Payment held", stage: "checkout" },
  payment_declined: { name: "Payment declined", stage: "checkout" },
  accepted: { name: "Accepted by store", stage: "store" },
  preparing: { name: "Preparing", stage: "store" },
  ready: { name: "Ready", stage: "store" },
  dispatched: { name: "Driver assigned", stage: "store" },
  picked_up: { name: "Picked up", stage: "road" },
  arrived: { name: "At the door", stage: "door" },
  doorstep_passed: { name: "ID checked", stage: "door" },
  delivered: { name: "Delivered", stage: "done" },
  merchant_rejected: { name: "Rejected by store", stage: "closed" },
  cancelled: { name: "Cancelled", stage: "closed" },
  refused: { name: "Refused at door", stage: "attention" },
  returned: { name: "Returned", stage: "closed" },
};

export const ALL_STATUSES = Object.keys(STATUSES) as OrderStatus[];

const isKnown = (status: string): status is OrderStatus => Object.hasOwn(STATUSES, status);

/** A status that only a newer server knows is shown by its own name, where somebody looks at it. */
const viewOf = (status: string): { name: string; stage: Stage } =>
  isKnown(status) ? STATUSES[status] : { name: words(status), stage: "attention" };

export const statusName = (status: string): string => viewOf(status).name;
export const stageOf = (status: string): Stage => viewOf(status).stage;
export const toneOf = (status: string): Tone => STAGES[stageOf(status)].tone;

export function isOpen(status: string): boolean {
  const stage = stageOf(status);
  return stage !== "done" && stage !== "closed";
}
