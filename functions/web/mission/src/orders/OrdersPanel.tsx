import "./orders.css";
import { useQuery } from "@tanstack/react-query";
import { stateQuery } from "../api/queries";
import type { OrderStatus, OrderSummary } from "../api/types";
import { Icon } from "../ui/Icon";
import { Empty, Failure } from "../ui/Notice";
import { refine, useRoute } from "../ui/route";
import { SearchField } from "../ui/SearchField";
import { SkeletonRows } from "../ui/Skeleton";
import { AllOrders } from "./AllOrders";
import { matches } from "./matches";
import { OrderRow } from "./OrderRow";
import { ALL_STATUSES, OPEN_STAGES, STAGES, stageOf, statusName } from "./status";

/** Open orders from the live state, or all of them by search; filters live in the address. */
export function OrdersPanel({ regionId }: { regionId: string }) {
  const { params } = useRoute();
  const { q = "", show = "open", status = "" } = params;
  const set = (change: Record<string, string>) => refine({ params: { ...params, ...change } });
  const all = show === "all";

  return (
    <div className="list">
      <div className="list__head">
        <div className="list__title">
          <h1>Orders</h1>
          <div className="switch" role="group" aria-label="Which orders">
            <button type="button" aria-pressed={!all} onClick={() => set({ show: "", status: "" })}>
              Open
            </button>
            <button type="button" aria-pressed={all} onClick={() => set({ show: "all", stage: "" })}>
              All
            </button>
          </div>
        </div>
        <SearchField label="Search order, store or driver" value={q} onChange={(text) => set({ q: text })} />
        {all && (
          <label className="select">
            <span className="visually-hidden">Status</span>
            <select value={status} onChange={(event) => set({ status: event.target.value })}>
              <option value="">Any status</option>
              {ALL_STATUSES.map((name) => (
                <option key={name} value={name}>
                  {statusName(name)}
                </option>
              ))}
            </select>
            <Icon name="chevron" size={14} />
          </label>
        )}
      </div>
      {all ? (
        <AllOrders regionId={regionId} status={status as OrderStatus | ""} q={q} />
      ) : (
        <OpenOrders regionId={regionId} stage={params["stage"] ?? ""} q={q} onStage={(stage) => set({ stage })} />
      )}
    </div>
  );
}

interface OpenOrdersProps {
  regionId: string;
  stage: string;
  q: string;
  onStage: (stage: string) => void;
}

function OpenOrders({ regionId, stage, q, onStage }: OpenOrdersProps) {
  const { data, error, refetch } = useQuery(stateQuery(regionId));
  if (data === undefined) {
    return error === null ? <SkeletonRows rows={9} /> : <Failure error={error} retry={() => void refetch()} />;
  }
  const names = new Map(data.drivers.map((driver) => [driver.id, driver.name]));
  const found = data.orders.filter((order) => matches(order, q, names));
  const orders = found.filter((order) => stage === "" || stageOf(order.status) === stage).sort(byPromise);
  return (
    <>
      <StageFilter orders={found} stage={stage} onStage={onStage} />
      {orders.length === 0 ? (
        <Empty icon="orders" title={q === "" ? "Nothing here right now" : "No open order matches"}>
          {q === "" ? "New orders appear by themselves." : "Finished orders are under All."}
        </Empty>
      ) : (
        <ol className="list__rows scroll">
          {orders.map((order) => (
            <OrderRow key={order.id} order={order} driverName={names.get(order.driver_id ?? "") ?? null} />
          ))}
        </ol>
      )}
    </>
  );
}

function StageFilter({ orders, stage, onStage }: { orders: OrderSummary[] } & Pick<OpenOrdersProps, "stage" | "onStage">) {
  return (
    <div className="filters" role="group" aria-label="Stage">
      {OPEN_STAGES.map((name) => {
        const many = orders.filter((order) => stageOf(order.status) === name).length;
        return (
          <button
            key={name}
            type="button"
            className={`filter tone-${STAGES[name].tone}`}
            title={STAGES[name].name}
            aria-pressed={stage === name}
            onClick={() => onStage(stage === name ? "" : name)}
          >
            {STAGES[name].short} <b className="figures">{many}</b>
          </button>
        );
      })}
    </div>
  );
}

/** The promise that breaks first comes first. */
function byPromise(a: OrderSummary, b: OrderSummary): number {
  return a.promised_until.localeCompare(b.promised_until) || a.id.localeCompare(b.id);
}
