import type { State, Zone } from "../api/types";
import { driverStatus } from "../drivers/status";
import { statusName, toneOf } from "../orders/status";
import { Dot } from "../ui/Chip";
import { shortId } from "../ui/format";
import type { Tone } from "../ui/tone";
import type { Pointed, Target } from "./pointer";
import { multiplier } from "./zones";

interface Words {
  title: string;
  detail: string;
  tone: Tone | null;
}

/** The label beside the pointer. */
export function Tip({ pointed, state, zones }: { pointed: Pointed; state: State; zones: readonly Zone[] }) {
  const words = wordsFor(pointed, state, zones);
  if (words === null) return null;
  return (
    <div className="tip card" style={{ transform: `translate(${pointed.x + 14}px, ${pointed.y + 14}px)` }}>
      <strong>{words.title}</strong>
      <span>
        {words.tone !== null && <Dot tone={words.tone} />}
        {words.detail}
      </span>
    </div>
  );
}

function wordsFor({ kind, id }: Target, state: State, zones: readonly Zone[]): Words | null {
  if (kind === "zone") {
    const zone = zones.find(({ cell }) => cell === id);
    return zone === undefined ? null : zoneWords(zone);
  }
  if (kind === "driver") {
    const driver = state.drivers.find((candidate) => candidate.id === id);
    if (driver === undefined) return null;
    const { name, tone } = driverStatus(driver.status);
    return { title: driver.name, detail: name, tone };
  }
  if (kind === "order") {
    const order = state.orders.find((candidate) => candidate.id === id);
    if (order === undefined) return null;
    const title = `Order ${shortId(id)}`;
    return { title, detail: `${statusName(order.status)} · ${order.store_name}`, tone: toneOf(order.status) };
  }
  const store = state.stores.find((candidate) => candidate.id === id);
  if (store === undefined) return null;
  const waiting = state.orders.filter((order) => order.store_id === id).length;
  return { title: store.name, detail: `${store.open ? "Open" : "Closed"} · ${waiting} open orders`, tone: null };
}

function zoneWords({ demand, waiting, supply, surge_bps: surge }: Zone): Words {
  const expected = `${demand.toFixed(1)} orders in 30 min${waiting > 0 ? `, ${waiting} waiting` : ""}`;
  return { title: `Fee ${multiplier(surge)}`, detail: `${expected} · ${supply} drivers`, tone: null };
}
