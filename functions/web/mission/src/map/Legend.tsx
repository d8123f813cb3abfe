import type { Streets } from "../api/queries";
import type { State } from "../api/types";
import { driverStatus } from "../drivers/status";
import { Icon } from "../ui/Icon";
import type { Tone } from "../ui/tone";

const KEY: readonly { tone: Tone; name: string }[] = [
  { tone: "idle", name: "Idle" },
  { tone: "wait", name: "Offered" },
  { tone: "store", name: "To store" },
  { tone: "road", name: "To customer" },
  { tone: "door", name: "At door" },
  { tone: "alert", name: "Going back" },
];

/** What the colours of the driver markers mean, with how many there are of each, and the other two marks. */
export function Legend({ state }: { state: State | undefined }) {
  const drivers = state?.drivers ?? [];
  return (
    <ul className="map-legend card" aria-label="Marks on the map, drivers by state">
      {KEY.map(({ tone, name }) => (
        <li key={tone} className={`tone-${tone}`}>
          <i className="map-legend__marker" />
          {name}
          <b className="figures">{drivers.filter(({ status }) => driverStatus(status).tone === tone).length}</b>
        </li>
      ))}
      <li className="map-legend__place">
        <i className="map-legend__marker map-legend__marker--order" />
        Drop-off
      </li>
      <li className="map-legend__place">
        <i className="map-legend__marker map-legend__marker--store" />
        Store
      </li>
    </ul>
  );
}

/** Where the streets come from. A generated network is never passed off as a real one. */
export function Attribution({ streets }: { streets: Streets | undefined }) {
  if (streets === undefined) return null;
  return <p className="map-attribution">{streets.generated ? "Generated street network" : streets.attribution}</p>;
}

interface ZoomProps {
  onIn: () => void;
  onOut: () => void;
  onRegion: () => void;
}

export function ZoomControls({ onIn, onOut, onRegion }: ZoomProps) {
  return (
    <div className="map-zoom card" role="group" aria-label="Zoom">
      <button type="button" className="icon-button" aria-label="Zoom in" onClick={onIn}>
        <Icon name="plus" />
      </button>
      <button type="button" className="icon-button" aria-label="Zoom out" onClick={onOut}>
        <Icon name="minus" />
      </button>
      <button type="button" className="icon-button" aria-label="Show the whole region" onClick={onRegion}>
        <Icon name="frame" />
      </button>
    </div>
  );
}
