import type { Standing } from "../api/types";
import type { Tone } from "../ui/tone";

/** What a permit is worth today, as a colour: in force, soon over, waiting for its review, or good for nothing. */
const TONES: Record<Standing, Tone> = {
  verified: "done",
  expiring: "store",
  submitted: "wait",
  in_review: "wait",
  missing: "alert",
  expired: "alert",
  rejected: "alert",
  revoked: "alert",
};

export const standingTone = (standing: Standing): Tone => TONES[standing];
