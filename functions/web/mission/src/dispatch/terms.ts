import type { Candidate } from "../api/types";

export const TERMS = ["T", "L", "E", "R", "F", "Z"] as const;
export type Term = (typeof TERMS)[number];

/** What the terms of the cost function mean; all are seconds after their weight. */
export const TERM_NAMES: Record<Term, string> = {
  T: "Travel to pickup",
  L: "Lateness at the door",
  E: "Time to the door",
  R: "Risk of failure",
  F: "Fairness",
  Z: "Zone supply",
};

export interface Segment {
  term: Term;
  /** Seconds of this term's share of the cost: the weighted term divided by the chance of acceptance. */
  seconds: number;
  /** Left end and width on a common axis, in per cent of its length. */
  left: number;
  width: number;
}

export interface Axis {
  lowest: number;
  highest: number;
}

/** The chance that the driver accepts, between 0 and 1. */
export const chanceOf = ({ terms }: Candidate): number => terms["p_accept"] ?? 1;

const shares = (candidate: Candidate) =>
  TERMS.map((term) => ({ term, seconds: (candidate.terms[term] ?? 0) / chanceOf(candidate) }));

export const isTerm = (name: string | null): name is Term => TERMS.some((term) => term === name);

/** One axis for all candidates of a job: from the largest sum of credits to the largest sum of costs. */
export function axisOf(candidates: readonly Candidate[]): Axis {
  const sums = candidates.map((candidate) => {
    const seconds = shares(candidate).map((share) => share.seconds);
    return {
      credits: seconds.filter((value) => value < 0).reduce((a, b) => a + b, 0),
      costs: seconds.filter((value) => value > 0).reduce((a, b) => a + b, 0),
    };
  });
  return { lowest: Math.min(0, ...sums.map((sum) => sum.credits)), highest: Math.max(1, ...sums.map((sum) => sum.costs)) };
}

export const toPercent = (seconds: number, { lowest, highest }: Axis): number =>
  (100 * (seconds - lowest)) / (highest - lowest);

/** Costs are stacked to the right of zero, credits to the left of it. */
export function segmentsOf(candidate: Candidate, axis: Axis): Segment[] {
  let [right, left] = [0, 0];
  return shares(candidate)
    .filter(({ seconds }) => seconds !== 0)
    .map(({ term, seconds }) => {
      const from = seconds > 0 ? right : left + seconds;
      if (seconds > 0) right += seconds;
      else left += seconds;
      const start = toPercent(from, axis);
      return { term, seconds, left: start, width: toPercent(from + Math.abs(seconds), axis) - start };
    });
}
