import type { Zones } from "../api/types";
import { Icon } from "../ui/Icon";
import { ZONE_STEPS } from "./palette";
import { SCALES, ZONE_FIGURES, type ZoneFigure, zoneFigure } from "./zones";

/** Shows and hides the zones, chooses what colours them, and says what the colours mean. */
export function ZoneControl({ figure, zones }: { figure: ZoneFigure | null; zones: Zones | undefined }) {
  return (
    <div className="map-zones card" role="group" aria-label="Zones">
      <button
        type="button"
        className="map-zones__toggle"
        aria-pressed={figure !== null}
        onClick={() => zoneFigure.set(figure === null ? "surge" : null)}
      >
        <Icon name="zones" />
        Zones
      </button>
      {figure !== null && (
        <>
          <div className="map-zones__figures">
            {ZONE_FIGURES.map((name) => (
              <button key={name} type="button" aria-pressed={name === figure} onClick={() => zoneFigure.set(name)}>
                {SCALES[name].name}
              </button>
            ))}
          </div>
          <Ramp figure={figure} />
          <p className="map-zones__note">{note(zones)}</p>
        </>
      )}
    </div>
  );
}

function Ramp({ figure }: { figure: ZoneFigure }) {
  const { from, text, unit } = SCALES[figure];
  return (
    <div className="map-zones__ramp">
      <ol>
        {ZONE_STEPS.map((step) => {
          const least = from[step - 1];
          return (
            <li key={step}>
              <i style={{ background: `var(--zone-${step})` }} />
              <span className="figures">{least === undefined ? "less" : text(least)}</span>
            </li>
          );
        })}
      </ol>
      <span className="map-zones__unit">{unit}</span>
    </div>
  );
}

function note(zones: Zones | undefined): string {
  if (zones === undefined) return "Loading zones …";
  if (zones.at === null) return "No zones yet: they come with the first store, within a minute.";
  const { surge, hints } = zones;
  const held = surge.disaster_declared ? "Disaster declared: no surge." : `Surge up to ${(surge.limit_bps / 10_000).toFixed(1)}×.`;
  return `${held} ${hints.sent} hints to drivers in 24 h, ${hints.followed} followed.`;
}
