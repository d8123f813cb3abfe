import { useState } from "react";
import type { Dashboard } from "../api/types";
import { shortClock } from "../ui/format";

const WIDTH = 336;
const HEIGHT = 64;

/** Orders placed and delivered per five minutes, as pairs of bars on a common scale. */
export function Buckets({ buckets }: { buckets: Dashboard["orders_per_bucket"] }) {
  const [pointed, setPointed] = useState<number | null>(null);
  const highest = Math.max(4, ...buckets.flatMap(({ placed, delivered }) => [placed, delivered]));
  const slot = WIDTH / Math.max(buckets.length, 1);
  const bar = (slot - 4) / 2;
  const tall = (value: number) => (value === 0 ? 1 : Math.max(3, (value / highest) * HEIGHT));
  const shown = pointed === null ? null : buckets[pointed];
  const placed = shown?.placed ?? sum(buckets.map((bucket) => bucket.placed));
  const delivered = shown?.delivered ?? sum(buckets.map((bucket) => bucket.delivered));
  const first = buckets[0];

  return (
    <figure className="buckets" aria-label={`Orders placed ${placed}, delivered ${delivered}`}>
      <figcaption>
        <span className="buckets__placed">
          Placed <b className="figures">{placed}</b>
        </span>
        <span className="buckets__delivered">
          Delivered <b className="figures">{delivered}</b>
        </span>
        <time className="quiet">{shown !== null && shown !== undefined ? `from ${shortClock(shown.start)}` : ""}</time>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} onPointerLeave={() => setPointed(null)} aria-hidden="true">
        {buckets.map((bucket, index) => (
          <g key={bucket.start} onPointerEnter={() => setPointed(index)} className={index === pointed ? "pointed" : ""}>
            <rect className="buckets__slot" x={index * slot} width={slot} height={HEIGHT} />
            <Bar kind="placed" x={index * slot + 1.5} width={bar} height={tall(bucket.placed)} />
            <Bar kind="delivered" x={index * slot + 2.5 + bar} width={bar} height={tall(bucket.delivered)} />
          </g>
        ))}
      </svg>
      <div className="buckets__axis quiet figures" aria-hidden="true">
        <span>{first === undefined ? "" : shortClock(first.start)}</span>
        <span>now</span>
      </div>
    </figure>
  );
}

function Bar({ kind, x, width, height }: { kind: string; x: number; width: number; height: number }) {
  return <rect className={`buckets__bar--${kind}`} x={x} y={HEIGHT - height} width={width} height={height} rx={1.5} />;
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
