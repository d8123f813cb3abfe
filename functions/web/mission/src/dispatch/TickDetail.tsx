import { useQuery } from "@tanstack/react-query";
import { stateQuery, tickQuery } from "../api/queries";
import type { Tick } from "../api/types";
import { DetailHead } from "../shell/DetailHead";
import { clock } from "../ui/format";
import { Empty, Failure } from "../ui/Notice";
import { SkeletonRows } from "../ui/Skeleton";
import { JobCard } from "./JobCard";
import { TERM_NAMES, TERMS } from "./terms";

/** One tick explained: per job the candidates with every cost term, the choice, and its margin. */
export function TickDetail({ tickId, regionId }: { tickId: string; regionId: string }) {
  const { data: tick, error, refetch } = useQuery(tickQuery(tickId));
  if (tick === undefined) {
    return (
      <>
        <DetailHead title="Tick" copies={tickId} />
        {error === null ? <SkeletonRows rows={6} /> : <Failure error={error} retry={() => void refetch()} />}
      </>
    );
  }
  return (
    <>
      <DetailHead title={`Tick ${clock(tick.at)}`} copies={tickId} />
      <Jobs tick={tick} regionId={regionId} />
    </>
  );
}

function Jobs({ tick, regionId }: { tick: Tick; regionId: string }) {
  const { data: state } = useQuery(stateQuery(regionId));
  const driverNames = new Map(state?.drivers.map(({ id, name }) => [id, name]));
  const storeNames = new Map(state?.orders.map(({ id, store_name }) => [id, store_name]));
  if (tick.jobs.length === 0) {
    return (
      <Empty icon="dispatch" title="Nothing to decide">
        No job was open when this tick ran.
      </Empty>
    );
  }
  const chosen = tick.jobs.filter((job) => job.chosen_driver_id !== null).length;
  return (
    <div className="detail__scroll scroll">
      <div className="tick__head">
        <p>
          <strong className="figures">{chosen}</strong> of <strong className="figures">{tick.jobs.length}</strong>{" "}
          {tick.jobs.length === 1 ? "job was" : "jobs were"} offered to a driver. Bars are the cost in seconds, each
          term divided by the chance that the driver accepts.
        </p>
        <ul className="legend-terms" aria-label="Cost terms">
          {TERMS.map((term) => (
            <li key={term} className={`term-${term}`}>
              {TERM_NAMES[term]}
            </li>
          ))}
        </ul>
      </div>
      {tick.jobs.map((job) => (
        <JobCard
          key={job.order_id}
          job={job}
          driverNames={driverNames}
          storeName={storeNames.get(job.order_id) ?? null}
        />
      ))}
    </div>
  );
}
