import type { TickSummary } from "../api/types";
import { milliseconds } from "../ui/format";

const WIDTH = 336;
const HEIGHT = 44;

/** Solve and total time of the listed ticks, oldest on the left. */
export function SolveChart({ ticks }: { ticks: readonly TickSummary[] }) {
  const slowest = Math.max(...ticks.map((tick) => tick.total_ms));
  const slot = WIDTH / Math.max(ticks.length, 30);
  const tall = (ms: number) => Math.max(1, (ms / slowest) * HEIGHT);
  return (
    <figure className="solve" aria-label={`Slowest of ${ticks.length} ticks: ${milliseconds(slowest)}`}>
      <figcaption>
        <span className="solve__key solve__key--solve">Solve</span>
        <span className="solve__key solve__key--total">Whole tick</span>
        <span className="quiet figures">slowest {milliseconds(slowest)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {[...ticks].reverse().map(({ id, solve_ms, total_ms }, index) => {
          const x = WIDTH - (ticks.length - index) * slot;
          return (
            <g key={id}>
              <rect className="solve__total" x={x} y={HEIGHT - tall(total_ms)} width={slot - 1.5} height={tall(total_ms)} />
              <rect className="solve__solve" x={x} y={HEIGHT - tall(solve_ms)} width={slot - 1.5} height={tall(solve_ms)} />
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
