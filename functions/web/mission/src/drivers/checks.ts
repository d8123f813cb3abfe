import type { DriverChecks } from "../api/types";
import { percent, words } from "../ui/format";
import type { Tone } from "../ui/tone";

export interface Anomaly {
  name: string;
  means: string;
  tone: Tone;
}

const ANOMALIES = new Map<string, Anomaly>([
  ["handed_over_to_a_decoy", { name: "Decoy served", means: "Goods were handed to a test buyer who must be refused.", tone: "alert" }],
  ["many_manual_checks", { name: "Often by hand", means: "An unusual share of the checks rests on the driver's word alone.", tone: "store" }],
  ["implausibly_fast_checks", { name: "Too fast", means: "Several checks passed within seconds of arriving.", tone: "store" }],
  ["checks_far_from_the_door", { name: "Far away", means: "Several checks were made far from the door.", tone: "store" }],
]);

/** A code that only a newer server knows is shown by its own name. */
export const anomaly = (code: string): Anomaly =>
  ANOMALIES.get(code) ?? { name: words(code), means: words(code), tone: "store" };

/** Those of whom most stands out first, then by the share of checks made by hand. */
export const byUrgency = (a: DriverChecks, b: DriverChecks): number =>
  b.decoys_handed_over - a.decoys_handed_over ||
  b.anomalies.length - a.anomalies.length ||
  b.manual_share - a.manual_share ||
  b.checks - a.checks;

/** "12 checks · 25 % by hand · 1 fast": zeros are left out, for what is not there needs no eye. */
export function summary({ checks, passed, manual, fast, far }: DriverChecks): string[] {
  return [
    checks === 1 ? "1 check" : `${checks} checks`,
    ...(manual > 0 ? [`${percent(manual, passed)} by hand`] : []),
    ...(fast > 0 ? [`${fast} fast`] : []),
    ...(far > 0 ? [`${far} far`] : []),
  ];
}
