import type { DriverState, Order } from "../api/types";
import { driverStatus } from "../drivers/status";
import { FollowButton } from "../drivers/FollowButton";
import { useServerTime } from "../live/clock";
import { dueIn, money, shortClock, shortId, words } from "../ui/format";
import { hrefTo } from "../ui/route";
import { isOpen } from "./status";

interface OrderFactsProps {
  order: Order;
  driver: DriverState | null;
}

export function OrderFacts({ order, driver }: OrderFactsProps) {
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
            <DriverFact order={order} driver={driver} />
          </dd>
        </div>
        <div>
          <dt>{order.delivered_at === null ? "Goods ready" : "Delivered"}</dt>
          <dd>
            <ProgressFact order={order} />
          </dd>
        </div>
        <div>
          <dt>Payment</dt>
          <dd className="figures">
            {money(order.money.total_minor, order.money.currency)}{" "}
            <span className="quiet">{words(order.payment.status)}</span>
          </dd>
        </div>
        {!order.restricted && (
          <div>
            <dt>Age check</dt>
            <dd>{words(order.age_check.status)}</dd>
          </div>
        )}
      </dl>
      {driver !== null && isOpen(order.status) && <FollowButton driverId={driver.id} />}
    </>
  );
}

function DriverFact({ order, driver }: OrderFactsProps) {
  if (order.driver_id === null) return <span className="quiet">Not assigned</span>;
  if (driver === null) return <span className="mono">{shortId(order.driver_id)}</span>;
  return (
    <>
      <a className="link" href={hrefTo("drivers", driver.id)}>
        {driver.name}
      </a>{" "}
      {isOpen(order.status) && <span className="quiet">{driverStatus(driver.status).name}</span>}
    </>
  );
}

/** When it came to the door; before that, when the store was or expects to be done with it. */
function ProgressFact({ order }: { order: Order }) {
  const known = order.delivered_at ?? order.ready_at;
  if (known !== null) return <time>{shortClock(known)}</time>;
  if (order.ready_expected_at === null || !isOpen(order.status)) return <span className="quiet">–</span>;
  return (
    <>
      <time>{shortClock(order.ready_expected_at)}</time> <span className="quiet">expected</span>
    </>
  );
}

function PromiseFact({ order }: { order: Order }) {
  const now = useServerTime();
  const { text, late } = dueIn(order.promised_until, now ?? Date.parse(order.updated_at));
  return (
    <span className="figures">
      {shortClock(order.promised_from)}–{shortClock(order.promised_until)}
      {isOpen(order.status) && <small className={late ? "facts__late" : "quiet"}> {text}</small>}
    </span>
  );
}
