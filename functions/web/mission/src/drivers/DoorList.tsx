import "./door.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { doorstepChecksQuery, stateQuery } from "../api/queries";
import type { DriverChecks } from "../api/types";
import { Chip } from "../ui/Chip";
import { shortId } from "../ui/format";
import { Empty, Failure } from "../ui/Notice";
import { Row, RowGroup } from "../ui/Rows";
import { SkeletonRows } from "../ui/Skeleton";
import type { Tone } from "../ui/tone";
import { anomaly, byUrgency, summary } from "./checks";

/** Drivers by how they checked recipients in the last 30 days: whoever stands out, then everybody else. */
export function DoorList({ regionId, q }: { regionId: string; q: string }) {
  const outstanding = useInfiniteQuery(doorstepChecksQuery(regionId, true));
  const everybody = useInfiniteQuery(doorstepChecksQuery(regionId, false));
  const { data: state } = useQuery(stateQuery(regionId));
  const names = new Map(state?.drivers.map(({ id, name }) => [id, name]));
  if (outstanding.data === undefined || everybody.data === undefined) {
    const error = outstanding.error ?? everybody.error;
    const retry = () => void Promise.all([outstanding.refetch(), everybody.refetch()]);
    return error === null ? <SkeletonRows rows={9} /> : <Failure error={error} retry={retry} />;
  }
  const wanted = ({ driver_id: id }: DriverChecks) =>
    id.includes(q) || (names.get(id) ?? "").toLowerCase().includes(q);
  const standOut = outstanding.data.pages.flatMap(({ items }) => items).filter(wanted);
  const others = everybody.data.pages.flatMap(({ items }) => items.filter(({ anomalies }) => anomalies.length === 0)).filter(wanted);
  if (standOut.length + others.length === 0) {
    return (
      <Empty icon="shield" title={q === "" ? "Nobody was checked yet" : "No driver matches"}>
        {q === "" ? "Drivers appear with their first check of a recipient's ID." : "Look for a first name or the end of an id."}
      </Empty>
    );
  }
  return (
    <div className="list__rows scroll">
      <DoorGroup name="Stands out" tone="alert" found={standOut} names={names} />
      <DoorGroup name="Nothing stands out" tone="done" found={others} names={names} />
      {everybody.hasNextPage && (
        <div className="list__more">
          <button
            type="button"
            className="button"
            disabled={everybody.isFetchingNextPage}
            onClick={() => void everybody.fetchNextPage()}
          >
            {everybody.isFetchingNextPage ? "Loading" : "Show more"}
          </button>
        </div>
      )}
    </div>
  );
}

interface DoorGroupProps {
  name: string;
  tone: Tone;
  found: DriverChecks[];
  names: ReadonlyMap<string, string>;
}

function DoorGroup({ name, tone, found, names }: DoorGroupProps) {
  return (
    <RowGroup name={name} tone={tone} items={[...found].sort(byUrgency)}>
      {(checks) => <DoorRow key={checks.driver_id} checks={checks} name={names.get(checks.driver_id) ?? null} />}
    </RowGroup>
  );
}

function DoorRow({ checks, name }: { checks: DriverChecks; name: string | null }) {
  const id = checks.driver_id;
  return (
    <Row panel="drivers" id={id}>
        <span className="row__main">
          <span className="row__name">{name ?? <span className="mono">{shortId(id)}</span>}</span>
          <span className="door__chips">
            {checks.anomalies.map((code) => (
              <Chip key={code} tone={anomaly(code).tone}>
                {anomaly(code).name}
              </Chip>
            ))}
          </span>
        </span>
        <span className="row__more figures">
          {summary(checks).map((part) => (
            <span key={part}>{part}</span>
          ))}
        </span>
    </Row>
  );
}
