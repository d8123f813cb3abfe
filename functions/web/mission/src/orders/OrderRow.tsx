import type { OrderSummary } from "../api/types";
import { useServerTime } from "../live/clock";
import { Chip } from "../ui/Chip";
import { dueIn, shortClock, shortId, words } from "../ui/format";
import { Icon } from "../ui/Icon";
import { Row } from "../ui/Rows";
import { isOpen, statusName, toneOf } from "./status";

export function OrderRow({ order, driverName }: { order: OrderSummary; driverName: string | null }) {
  return (
    <Row panel="orders" id={order.id}>
      <span className="row__main">
        <span className="row__name">{order.store_name}</span>
        {order.restricted && (
          <span className="badge" title="Age-restricted goods">
            21+
          </span>
        )}
        {order.stuck_reason !== null && (
          <span className="row__stuck" title={`Stuck: ${words(order.stuck_reason).toLowerCase()}`}>
            <Icon name="alert" size={14} />
            <span className="visually-hidden">Stuck</span>
          </span>
        )}
        <Chip tone={toneOf(order.status)}>{statusName(order.status)}</Chip>
      </span>
      <span className="row__more">
        <span className="mono">{shortId(order.id)}</span>
        <span>{driverName ?? (order.driver_id === null ? "No driver yet" : shortId(order.driver_id))}</span>
        <Due order={order} />
      </span>
    </Row>
  );
}

function Due({ order }: { order: OrderSummary }) {
  const now = useServerTime();
  if (!isOpen(order.status) || now === null) {
    return <time className="row__due">{shortClock(order.created_at)}</time>;
  }
  const { text, late } = dueIn(order.promised_until, now);
  return <span className={late ? "row__due row__due--late figures" : "row__due figures"}>{text}</span>;
}
