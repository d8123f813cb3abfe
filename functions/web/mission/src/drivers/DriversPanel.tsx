import { useQuery } from "@tanstack/react-query";
import { stateQuery } from "../api/queries";
import type { DriverState } from "../api/types";
import { useServerTime } from "../live/clock";
import { session } from "../session/session";
import { ago, shortId, words } from "../ui/format";
import { Empty, Failure } from "../ui/Notice";
import { refine, useRoute } from "../ui/route";
import { Row, RowGroup } from "../ui/Rows";
import { SearchField } from "../ui/SearchField";
import { SkeletonRows } from "../ui/Skeleton";
import { useStore } from "../ui/store";
import { DoorList } from "./DoorList";
import { DRIVER_STATUS_ORDER, driverStatus } from "./status";

/** Online drivers, grouped by what they are doing, exceptions first; for an administrator also how they check at the door. */
export function DriversPanel({ regionId }: { regionId: string }) {
  const { params } = useRoute();
  const { role } = useStore(session);
  const { q = "", show = "" } = params;
  const set = (change: Record<string, string>) => refine({ params: { ...params, ...change } });
  const door = show === "door" && role === "admin";
  const typed = q.trim().toLowerCase();
  return (
    <div className="list">
      <div className="list__head">
        <div className="list__title">
          <h1>Drivers</h1>
          {role === "admin" && (
            <div className="switch" role="group" aria-label="What of the drivers">
              <button type="button" aria-pressed={!door} onClick={() => set({ show: "" })}>
                Online
              </button>
              <button type="button" aria-pressed={door} onClick={() => set({ show: "door" })}>
                At the door
              </button>
            </div>
          )}
        </div>
        <SearchField label="Search drivers" value={q} onChange={(text) => set({ q: text })} />
      </div>
      {door ? <DoorList regionId={regionId} q={typed} /> : <DriverGroups regionId={regionId} q={typed} />}
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
        const { name, tone } = driverStatus(status);
        return (
          <RowGroup key={status} name={name} tone={tone} items={found.filter((driver) => driver.status === status)}>
            {(driver) => <DriverRow key={driver.id} driver={driver} />}
          </RowGroup>
        );
      })}
    </div>
  );
}

function DriverRow({ driver }: { driver: DriverState }) {
  const now = useServerTime();
  return (
    <Row panel="drivers" id={driver.id}>
      <span className="row__main">
        <span className="row__name">{driver.name}</span>
      </span>
      <span className="row__more">
        <span className="mono">{shortId(driver.id)}</span>
        {driver.vehicle !== null && <span>{words(driver.vehicle)}</span>}
        <span className="row__due figures">{now !== null && ago(driver.position_at, now)}</span>
      </span>
    </Row>
  );
}
