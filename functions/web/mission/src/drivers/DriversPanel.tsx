import { useQuery } from "@tanstack/react-query";
import { stateQuery } from "../api/queries";
import type { DriverState } from "../api/types";
import { useServerTime } from "../live/clock";
import { Dot } from "../ui/Chip";
import { ago, shortId, words } from "../ui/format";
import { Empty, Failure } from "../ui/Notice";
import { hrefTo, refine, useRoute } from "../ui/route";
import { SearchField } from "../ui/SearchField";
import { SkeletonRows } from "../ui/Skeleton";
import { DRIVER_STATUS_ORDER, driverStatus } from "./status";

/** Online drivers, grouped by what they are doing, exceptions first. */
export function DriversPanel({ regionId }: { regionId: string }) {
  const { params } = useRoute();
  const q = params["q"] ?? "";
  return (
    <div className="list">
      <div className="list__head">
        <div className="list__title">
          <h1>Drivers</h1>
        </div>
        <SearchField label="Search drivers" value={q} onChange={(text) => refine({ params: { q: text } })} />
      </div>
      <DriverGroups regionId={regionId} q={q.trim().toLowerCase()} />
    </div>
  );
}

function DriverGroups({ regionId, q }: { regionId: string; q: string }) {
  const { data, error, refetch } = useQuery(stateQuery(regionId));
  if (data === undefined) {
    return error === null ? <SkeletonRows rows={9} /> : <Failure error={error} retry={() => void refetch()} />;
  }
  const found = data.drivers.filter(({ id, name }) => name.toLowerCase().includes(q) || id.includes(q));
  if (found.length === 0) {
    return (
      <Empty icon="drivers" title={q === "" ? "No driver is online" : "No driver matches"}>
        {q === "" ? "Drivers appear as soon as they go online." : "Look for a first name or the end of an id."}
      </Empty>
    );
  }
  return (
    <div className="list__rows scroll">
      {[...new Set([...DRIVER_STATUS_ORDER, ...found.map((driver) => driver.status)])].map((status) => {
        const group = found.filter((driver) => driver.status === status);
        if (group.length === 0) return null;
        const { name, tone } = driverStatus(status);
        return (
          <section key={status} aria-label={name}>
            <h2 className="list__group">
              <Dot tone={tone} />
              {name}
              <span className="figures">{group.length}</span>
            </h2>
            <ol>
              {group.map((driver) => (
                <DriverRow key={driver.id} driver={driver} />
              ))}
            </ol>
          </section>
        );
      })}
    </div>
  );
}

function DriverRow({ driver }: { driver: DriverState }) {
  const { id: chosen, params } = useRoute();
  const now = useServerTime();
  return (
    <li className="row">
      <a
        className="row__link"
        data-row
        href={hrefTo("drivers", driver.id, params)}
        aria-current={chosen === driver.id ? "true" : undefined}
      >
        <span className="row__main">
          <span className="row__name">{driver.name}</span>
        </span>
        <span className="row__more">
          <span className="mono">{shortId(driver.id)}</span>
          {driver.vehicle !== null && <span>{words(driver.vehicle)}</span>}
          <span className="row__due figures">{now !== null && ago(driver.position_at, now)}</span>
        </span>
      </a>
    </li>
  );
}
