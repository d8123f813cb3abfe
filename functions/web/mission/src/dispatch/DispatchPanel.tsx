import "./dispatch.css";
import { useQuery } from "@tanstack/react-query";
import { ticksQuery } from "../api/queries";
import type { TickSummary } from "../api/types";
import { clock, milliseconds } from "../ui/format";
import { Empty, Failure } from "../ui/Notice";
import { hrefTo, useRoute } from "../ui/route";
import { SkeletonRows } from "../ui/Skeleton";
import { SolveChart } from "./SolveChart";

/** The recent ticks of the FAST loop: what each saw, offered, and how long it took. */
export function DispatchPanel({ regionId }: { regionId: string }) {
  return (
    <div className="list">
      <div className="list__head">
        <div className="list__title">
          <h1>Dispatch</h1>
        </div>
      </div>
      <Ticks regionId={regionId} />
    </div>
  );
}

function Ticks({ regionId }: { regionId: string }) {
  const { data, error, refetch } = useQuery(ticksQuery(regionId));
  if (data === undefined) {
    return error === null ? <SkeletonRows rows={9} /> : <Failure error={error} retry={() => void refetch()} />;
  }
  if (data.items.length === 0) {
    return (
      <Empty icon="dispatch" title="No tick yet">
        The loop runs as soon as an order is ready for a driver.
      </Empty>
    );
  }
  return (
    <>
      <SolveChart ticks={data.items} />
      <div className="ticks__columns" aria-hidden="true">
        <span>Time</span>
        <span>Jobs</span>
        <span>Drivers</span>
        <span>Offers</span>
        <span>Solve</span>
      </div>
      <ol className="list__rows scroll">
        {data.items.map((tick) => (
          <TickRow key={tick.id} tick={tick} />
        ))}
      </ol>
    </>
  );
}

function TickRow({ tick }: { tick: TickSummary }) {
  const { id: chosen } = useRoute();
  return (
    <li className="row tick-row">
      <a
        className="row__link ticks__columns figures"
        data-row
        href={hrefTo("dispatch", tick.id)}
        aria-current={chosen === tick.id ? "true" : undefined}
        aria-label={`Tick at ${clock(tick.at)}: ${tick.jobs} jobs, ${tick.drivers} drivers, ${tick.offers} offers`}
      >
        <time>{clock(tick.at)}</time>
        <span>{tick.jobs}</span>
        <span>{tick.drivers}</span>
        <span className={tick.offers > 0 ? "ticks__offers" : "quiet"}>{tick.offers}</span>
        <span className="quiet">{milliseconds(tick.solve_ms)}</span>
      </a>
    </li>
  );
}
