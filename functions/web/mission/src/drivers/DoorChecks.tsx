import "./door.css";
import { useQuery } from "@tanstack/react-query";
import { driverChecksQuery } from "../api/queries";
import type { DriverChecks } from "../api/types";
import { count, percent } from "../ui/format";
import { Icon } from "../ui/Icon";
import { Failure } from "../ui/Notice";
import { SkeletonRows } from "../ui/Skeleton";
import { anomaly } from "./checks";

/** How one driver checked recipients in the last 30 days, and what an operator should look into. */
export function DoorChecks({ regionId, driverId }: { regionId: string; driverId: string }) {
  const { data: checks, error, refetch } = useQuery(driverChecksQuery(regionId, driverId));
  return (
    <section aria-label="Checks at the door">
      <h3 className="list__group">
        At the door <span className="figures">30 days</span>
      </h3>
      {checks === undefined && (error === null ? <SkeletonRows rows={2} /> : <Failure error={error} retry={() => void refetch()} />)}
      {checks === null && <p className="door__none">No recipient was checked in this time.</p>}
      {checks != null && <Record checks={checks} />}
    </section>
  );
}

function Record({ checks }: { checks: DriverChecks }) {
  const { passed, manual, fast, far, failed_scans: unread, decoys_refused: refused, decoys_handed_over: served } = checks;
  const figures: [string, string][] = [
    ["Checks", count(checks.checks)],
    ["Passed", count(passed)],
    ["By hand", manual === 0 ? "0" : `${count(manual)}, ${percent(manual, passed)}`],
    ["Scans unread", count(unread)],
    ["Within seconds", count(fast)],
    ["Far from the door", count(far)],
    ...(refused + served > 0 ? ([["Decoys refused", `${refused} of ${refused + served}`]] as [string, string][]) : []),
  ];
  return (
    <>
      {checks.anomalies.map((code) => (
        <p key={code} className={`remark tone-${anomaly(code).tone}`}>
          <Icon name="alert" />
          <span>
            <strong>{anomaly(code).name}.</strong> {anomaly(code).means}
          </span>
        </p>
      ))}
      <dl className="facts door__facts">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="figures">{value}</dd>
          </div>
        ))}
      </dl>
      {checks.anomalies.length > 0 && <p className="door__none">Each is a reason to look, and no proof of anything.</p>}
    </>
  );
}
