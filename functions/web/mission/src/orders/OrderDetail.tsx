import "./detail.css";
import { useQuery } from "@tanstack/react-query";
import { orderQuery, stateQuery } from "../api/queries";
import type { Order } from "../api/types";
import { DetailHead } from "../shell/DetailHead";
import { Chip } from "../ui/Chip";
import { shortId, words } from "../ui/format";
import { Icon } from "../ui/Icon";
import { Failure } from "../ui/Notice";
import { refine, useRoute } from "../ui/route";
import { SkeletonRows } from "../ui/Skeleton";
import { tabId, tabPanelId, Tabs } from "../ui/Tabs";
import { AgeProof } from "./AgeProof";
import { Dossier } from "./Dossier";
import { Items } from "./Items";
import { OrderFacts } from "./OrderFacts";
import { StageTrack } from "./StageTrack";
import { statusName, toneOf } from "./status";
import { Timeline } from "./Timeline";

const TABS = [
  { name: "timeline", title: "Timeline" },
  { name: "items", title: "Items" },
  { name: "dossier", title: "Dossier" },
] as const;

type Tab = (typeof TABS)[number]["name"];

/** One order: where it stands, who has it, what happened when, and the evidence for it. */
export function OrderDetail({ orderId, regionId }: { orderId: string; regionId: string }) {
  const { data: order, error, refetch } = useQuery(orderQuery(orderId));
  const title = `Order ${shortId(orderId)}`;
  if (order === undefined) {
    return (
      <>
        <DetailHead title={title} copies={orderId} />
        {error === null ? <SkeletonRows rows={7} /> : <Failure error={error} retry={() => void refetch()} />}
      </>
    );
  }
  return (
    <>
      <DetailHead title={title} copies={orderId}>
        <Chip tone={toneOf(order.status)}>{statusName(order.status)}</Chip>
        {order.restricted && <span className="badge">21+</span>}
      </DetailHead>
      <div className="detail__scroll scroll">
        <OrderBody order={order} regionId={regionId} />
      </div>
    </>
  );
}

/** What an operator must know before anything else: that an order is stuck, or why it ended short of the door. */
function Remark({ order: { stuck_reason: stuck, ended_reason: ended } }: { order: Order }) {
  const reason = stuck ?? ended;
  if (reason === null) return null;
  return (
    <p className={stuck === null ? "remark tone-idle" : "remark tone-alert"}>
      <Icon name="alert" />
      <span>
        <strong>{stuck === null ? "Reason." : "Stuck."}</strong> {words(reason)}
      </span>
    </p>
  );
}

function OrderBody({ order, regionId }: { order: Order; regionId: string }) {
  const { params } = useRoute();
  const { data: state } = useQuery(stateQuery(regionId));
  const tab: Tab = TABS.find(({ name }) => name === params["tab"])?.name ?? "timeline";
  const driver = state?.drivers.find(({ id }) => id === order.driver_id) ?? null;
  return (
    <>
      <StageTrack status={order.status} />
      <Remark order={order} />
      <OrderFacts order={order} driver={driver} />
      {order.restricted && <AgeProof order={order} />}
      <div className="detail__tabs">
        <Tabs
          label="About this order"
          tabs={TABS}
          selected={tab}
          onSelect={(name) => refine({ params: { ...params, tab: name } })}
        />
      </div>
      <div role="tabpanel" id={tabPanelId(tab)} aria-labelledby={tabId(tab)}>
        {tab === "timeline" && <Timeline steps={order.timeline} />}
        {tab === "items" && <Items order={order} />}
        {tab === "dossier" && <Dossier orderId={order.id} />}
      </div>
    </>
  );
}
