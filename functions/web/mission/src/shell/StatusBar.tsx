import type { MissionConfig } from "../api/types";
import { serverClock, useServerTime, wholeSpeed } from "../live/clock";
import { connection } from "../live/useLive";
import { clock } from "../ui/format";
import { Icon } from "../ui/Icon";
import { useStore } from "../ui/store";

/** Which region, what time it is for the server, and whether what the map shows is live. */
export function StatusBar({ config }: { config: MissionConfig }) {
  const now = useServerTime();
  const link = useStore(connection);
  const speed = wholeSpeed(useStore(serverClock));
  return (
    <header className="status card">
      <strong className="status__region">{config.region_name}</strong>
      <time className="status__time">{now === null ? "--:--:--" : clock(now)}</time>
      {speed !== 1 && (
        <span className="badge" title="The server's clock runs faster than real time">
          ×{speed}
        </span>
      )}
      <span className={`status__link status__link--${link.phase}`} role="status">
        {link.phase === "lost" ? <Icon name="offline" size={14} /> : <span className="status__pulse" />}
        {link.phase === "live" && "Live"}
        {link.phase === "connecting" && "Connecting"}
        {link.phase === "lost" && `Live updates stopped${link.since === null ? "" : ` at ${clock(link.since)}`}. Reconnecting`}
      </span>
    </header>
  );
}
