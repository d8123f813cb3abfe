import type { Order } from "../api/types";
import { clock, span } from "../ui/format";
import { statusName, toneOf } from "./status";

/** What happened, newest first, each step with the time that it took after the one before. */
export function Timeline({ steps }: { steps: Order["timeline"] }) {
  const latestFirst = steps.map((step, index) => ({ ...step, index, before: steps[index - 1]?.at })).reverse();
  return (
    <ol className="timeline">
      {latestFirst.map(({ index, status, at, before }) => (
        <li key={index} className={`tone-${toneOf(status)}`}>
          <span className="timeline__name">{statusName(status)}</span>
          <span className="timeline__after quiet figures">
            {before !== undefined && `+${span((Date.parse(at) - Date.parse(before)) / 1000)}`}
          </span>
          <time dateTime={at}>{clock(at)}</time>
        </li>
      ))}
    </ol>
  );
}
