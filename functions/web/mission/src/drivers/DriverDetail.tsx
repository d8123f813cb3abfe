import { useQuery } from "@tanstack/react-query";
import { stateQuery } from "../api/queries";
import { useServerTime } from "../live/clock";
import { OrderRow } from "../orders/OrderRow";
import { session } from "../session/session";
import { DetailHead } from "../shell/DetailHead";
import { Chip } from "../ui/Chip";
import { ago, shortId, words } from "../ui/format";
import { Empty, Failure } from "../ui/Notice";
import { SkeletonRows } from "../ui/Skeleton";
import { useStore } from "../ui/store";
import { DoorChecks } from "./DoorChecks";
import { FollowButton } from "./FollowButton";
import { driverStatus } from "./status";

/** One driver: what they are doing, how fresh their position is, the orders they carry, and how they check at the door. */
export function DriverDetail({ driverId, regionId }: { driverId: string; regionId: string }) {
  const { data: state, error, refetch } = useQuery(stateQuery(regionId));
  const { role } = useStore(session);
  const now = useServerTime();
  const driver = state?.drivers.find(({ id }) => id === driverId);
  if (state === undefined) {
    return (
      <>
        <DetailHead title="Driver" copies={driverId} />
        {error === null ? <SkeletonRows rows={3} /> : <Failure error={error} retry={() => void refetch()} />}
      </>
    );
  }
  if (driver === undefined) {
    return (
      <>
        <DetailHead title={`Driver ${shortId(driverId)}`} copies={driverId} />
        <div className="detail__scroll scroll">
          <Empty icon="drivers" title="Not online">
            This driver went offline, or is in another region.
          </Empty>
          {role === "admin" && <DoorChecks regionId={regionId} driverId={driverId} />}
        </div>
      </>
    );
  }
  const orders = state.orders.filter((order) => order.driver_id === driverId);
  return (
    <>
      <DetailHead title={driver.name} copies={driver.id}>
        <Chip tone={driverStatus(driver.status).tone}>{driverStatus(driver.status).name}</Chip>
      </DetailHead>
      <div className="detail__scroll scroll">
        <dl className="facts">
          <div>
            <dt>Vehicle</dt>
            <dd>{driver.vehicle === null ? "–" : words(driver.vehicle)}</dd>
          </div>
          <div>
            <dt>Last position</dt>
            <dd className="figures">{now === null ? "–" : ago(driver.position_at, now)}</dd>
          </div>
        </dl>
        <FollowButton driverId={driver.id} />
        <h3 className="list__group">
          Orders <span className="figures">{orders.length}</span>
        </h3>
        {orders.length === 0 ? (
          <Empty icon="orders" title="No order on board">
            The next offer goes out with the next tick that picks this driver.
          </Empty>
        ) : (
          <ol>
            {orders.map((order) => (
              <OrderRow key={order.id} order={order} driverName={driver.name} />
            ))}
          </ol>
        )}
        {role === "admin" && <DoorChecks regionId={regionId} driverId={driverId} />}
      </div>
    </>
  );
}
