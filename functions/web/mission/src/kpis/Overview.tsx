import "./kpis.css";
import { useQuery } from "@tanstack/react-query";
import { dashboardQuery } from "../api/queries";
import type { Dashboard } from "../api/types";
import { useServerTime } from "../live/clock";
import { OPEN_STAGES, STAGES, type Stage, stageOf } from "../orders/status";
import { ago, count, duration, milliseconds, money, percent } from "../ui/format";
import { Dot } from "../ui/Chip";
import { Failure } from "../ui/Notice";
import { hrefTo } from "../ui/route";
import { Buckets } from "./Buckets";
import { Figure, Figures, Section, SplitBar } from "./parts";
import { OverviewSkeleton } from "./OverviewSkeleton";

/** The state of the region in figures: speed, flow, stages, fleet, offers, dispatch, money, evidence. */
export function Overview({ regionId }: { regionId: string }) {
  const { data, error, refetch } = useQuery(dashboardQuery(regionId));
  if (data === undefined) {
    return error === null ? <OverviewSkeleton /> : <Failure error={error} retry={() => void refetch()} />;
  }
  return (
    <div className="overview scroll">
      <Speed dashboard={data} />
      <Flow dashboard={data} />
      <Stages dashboard={data} />
      <FleetSection dashboard={data} />
      <Offers dashboard={data} />
      <DispatchSection dashboard={data} />
      <Money dashboard={data} />
      <Evidence dashboard={data} />
    </div>
  );
}

interface Part {
  dashboard: Dashboard;
}

function Speed({ dashboard: { click_to_door: speed, orders } }: Part) {
  return (
    <section className="speed" aria-label="Click to door">
      <div>
        <h2 className="quiet">Click to door, median</h2>
        <p className="speed__value figures">{duration(speed.p50_s)}</p>
        <p className="figures">
          <span className="quiet">mean</span> {duration(speed.mean_s)} <span className="quiet">· p90</span>{" "}
          {duration(speed.p90_s)}
        </p>
      </div>
      <div className="speed__open">
        <h2 className="quiet">Open orders</h2>
        <p className="speed__value figures">{count(orders.open)}</p>
        <p className="figures">
          <span className="quiet">of</span> {count(orders.placed)} <span className="quiet">placed</span>
        </p>
      </div>
    </section>
  );
}

function Flow({ dashboard: { orders, orders_per_bucket: buckets } }: Part) {
  return (
    <Section title="Last two hours">
      <Buckets buckets={buckets} />
      <Figures>
        <Figure name="Delivered" value={count(orders.delivered)} />
        <Figure name="Refused" value={count(orders.refused)} />
        <Figure name="Returned" value={count(orders.returned)} />
        <Figure name="Cancelled" value={count(orders.cancelled)} />
      </Figures>
    </Section>
  );
}

function Stages({ dashboard: { orders } }: Part) {
  const totals = new Map<Stage, number>();
  for (const [status, many] of Object.entries(orders.by_status)) {
    const stage = stageOf(status);
    totals.set(stage, (totals.get(stage) ?? 0) + many);
  }
  const parts = OPEN_STAGES.map((stage) => ({ ...STAGES[stage], stage, value: totals.get(stage) ?? 0 }));
  return (
    <Section title="Where open orders are" {...(orders.stuck > 0 && { aside: `${count(orders.stuck)} stuck` })}>
      <SplitBar label="Open orders by stage" parts={parts} />
      <ul className="stages">
        {parts.map(({ stage, name, tone, value }) => (
          <li key={stage}>
            <a href={hrefTo("orders", null, { stage })}>
              <Dot tone={tone} />
              {name}
              <span className="figures">{count(value)}</span>
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function FleetSection({ dashboard: { drivers } }: Part) {
  return (
    <Section title="Drivers" aside={`${percent(drivers.busy, drivers.online)} busy`}>
      <SplitBar
        label="Drivers online"
        parts={[
          { name: "Busy", tone: "road", value: drivers.busy },
          { name: "Idle", tone: "idle", value: drivers.idle },
        ]}
      />
      <Figures>
        <Figure name="Online" value={count(drivers.online)} />
        <Figure name="Busy" value={count(drivers.busy)} tone="road" />
        <Figure name="Idle" value={count(drivers.idle)} tone="idle" />
      </Figures>
    </Section>
  );
}

function Offers({ dashboard: { offers } }: Part) {
  return (
    <Section title="Offers" aside={`${percent(offers.accepted, offers.sent)} accepted`}>
      <SplitBar
        label="Offers by outcome"
        parts={[
          { name: "Accepted", tone: "done", value: offers.accepted },
          { name: "Rejected", tone: "alert", value: offers.rejected },
          { name: "Expired", tone: "store", value: offers.expired },
        ]}
      />
      <Figures>
        <Figure name="Accepted" value={count(offers.accepted)} tone="done" />
        <Figure name="Rejected" value={count(offers.rejected)} tone="alert" />
        <Figure name="Expired" value={count(offers.expired)} tone="store" />
        <Figure name="Per delivery" value={offers.per_delivery === null ? "–" : offers.per_delivery.toFixed(2)} />
      </Figures>
    </Section>
  );
}

function DispatchSection({ dashboard: { dispatch } }: Part) {
  const now = useServerTime();
  const last = dispatch.last_tick_at;
  return (
    <Section title="Dispatch" aside={last !== null && now !== null ? `last tick ${ago(last, now)}` : "no tick yet"}>
      <Figures>
        <Figure name="Ticks a minute" value={count(dispatch.ticks_last_minute)} />
        <Figure name="Open jobs" value={count(dispatch.open_jobs)} />
        <Figure name="Solve, median" value={milliseconds(dispatch.solve_ms_p50)} />
      </Figures>
    </Section>
  );
}

function Money({ dashboard: { money: sums } }: Part) {
  return (
    <Section title="Payments">
      <Figures>
        <Figure name="Captured" value={money(sums.captured_minor, sums.currency)} />
        <Figure name="Held" value={money(sums.authorized_minor, sums.currency)} />
        <Figure name="Voided" value={money(sums.voided_minor, sums.currency)} />
      </Figures>
    </Section>
  );
}

function Evidence({ dashboard: { dossiers } }: Part) {
  return (
    <Section title="Evidence">
      <Figures>
        <Figure name="Dossiers" value={count(dossiers.orders)} />
        <Figure name="Chained events" value={count(dossiers.events)} />
      </Figures>
    </Section>
  );
}
