import type { DriverState, Order } from "../api/types";
import { DRIVER_STATUSES } from "../drivers/status";
import { FollowButton } from "../drivers/FollowButton";
import { useServerTime } from "../live/clock";
import { dueIn, money, shortClock, shortId, words } from "../ui/format";
import { hrefTo } from "../ui/route";
import { isOpen } from "./status";

interface OrderFactsProps {
  order: Order;
  driver: DriverState | null;
  etaAt: string | null;
}

export function OrderFacts({ order, driver, etaAt }: OrderFactsProps) {
  return (
    <>
      <dl className="facts">
        <div>
          <dt>Store</dt>
          <dd>
            <a className="link" href={hrefTo("orders", null, { q: order.store_name })}>
              {order.store_name}
            </a>
          </dd>
        </div>
        <div>
          <dt>Promise</dt>
          <dd>
            <PromiseFact order={order} />
          </dd>
        </div>
        <div>
          <dt>Driver</dt>
          <dd>
            <DriverFact driverId={order.driver_id} driver={driver} />
          </dd>
        </div>
        <div>
          <dt>Expected</dt>
          <dd className="figures">{etaAt === null ? "–" : shortClock(etaAt)}</dd>
        </div>
        <div>
          <dt>Payment</dt>
          <dd className="figures">
            {money(order.money.total_minor, order.money.currency)}{" "}
            <span className="quiet">{words(order.payment.status)}</span>
          </dd>
        </div>
        <div>
          <dt>Age check</dt>
          <dd>{words(order.age_check.status)}</dd>
        </div>
      </dl>
      {driver !== null && <FollowButton driverId={driver.id} />}
    </>
  );
}

function DriverFact({ driverId, driver }: { driverId: string | null; driver: DriverState | null }) {
  if (driverId === null) return <span className="quiet">Not assigned</span>;
  if (driver === null) return <span className="mono">{shortId(driverId)}</span>;
  return (
    <>
      <a className="link" href={hrefTo("drivers", driver.id)}>
        {driver.name}
      </a>{" "}
      <span className="quiet">{DRIVER_STATUSES[driver.status].name}</span>
    </>
  );
}

function PromiseFact({ order }: { order: Order }) {
  const now = useServerTime();
  if (order.promised_until === null) return <span className="quiet">None</span>;
  const { text, late } = dueIn(order.promised_until, now ?? Date.parse(order.updated_at));
  const from = order.promised_from === null ? "" : `${shortClock(order.promised_from)}–`;
  return (
    <span className="figures">
      {from}
      {shortClock(order.promised_until)}
      {isOpen(order.status) && <small className={late ? "facts__late" : "quiet"}> {text}</small>}
    </span>
  );
}
