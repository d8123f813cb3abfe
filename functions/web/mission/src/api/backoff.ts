const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/** Wait before attempt number `attempt` (from 0): exponential, with up to 30 % of jitter from `random` in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS);
  return Math.round(base * (1 - 0.3 * random));
}
