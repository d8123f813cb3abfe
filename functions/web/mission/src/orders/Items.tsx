import type { Order } from "../api/types";
import { money } from "../ui/format";

/** The goods and the sum, line by line. */
export function Items({ order }: { order: Order }) {
  const { currency } = order.money;
  const sums: [string, number][] = [
    ["Subtotal", order.money.subtotal_minor],
    ["Delivery", order.money.delivery_fee_minor],
    ["Tax", order.money.tax_minor],
    ["Tip", order.money.tip_minor],
  ];
  return (
    <div className="items">
      <ul>
        {order.items.map((item) => (
          <li key={item.product_id}>
            <span className="quiet figures">{item.quantity} ×</span>
            <span>
              {item.name} {item.restricted && <span className="badge">21+</span>}
            </span>
            <span className="figures">{money(item.quantity * item.unit_price_minor, currency)}</span>
          </li>
        ))}
      </ul>
      <dl className="figures">
        {sums.map(([name, minor]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{money(minor, currency)}</dd>
          </div>
        ))}
        <div className="items__total">
          <dt>Total</dt>
          <dd>{money(order.money.total_minor, currency)}</dd>
        </div>
        <div>
          <dt>Captured</dt>
          <dd>{money(order.payment.captured_minor, currency)}</dd>
        </div>
      </dl>
    </div>
  );
}
