import { useQuery } from "@tanstack/react-query";
import { dashboardQuery } from "../api/queries";
import { useServerTime } from "../live/clock";
import { connection } from "../live/useLive";
import { clock } from "../ui/format";
import { Icon } from "../ui/Icon";
import { useStore } from "../ui/store";

/** Which region, what time it is there, and whether what the map shows is live. */
export function StatusBar({ regionId }: { regionId: string }) {
  const now = useServerTime();
  const link = useStore(connection);
  const { data } = useQuery(dashboardQuery(regionId));
  const speed = data?.clock_speed ?? 1;
  return (
    <header className="status card">
      <strong className="status__region">{regionId.toUpperCase()}</strong>
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
