import "./shell.css";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { MissionConfig } from "../api/types";
import { DispatchPanel } from "../dispatch/DispatchPanel";
import { TickDetail } from "../dispatch/TickDetail";
import { DriverDetail } from "../drivers/DriverDetail";
import { DriversPanel } from "../drivers/DriversPanel";
import { Overview } from "../kpis/Overview";
import { useLive } from "../live/useLive";
import { mapCommands } from "../map/commands";
import { OrderDetail } from "../orders/OrderDetail";
import { OrdersPanel } from "../orders/OrdersPanel";
import { StoreDetail } from "../stores/StoreDetail";
import { StoresPanel } from "../stores/StoresPanel";
import { Boundary } from "../ui/Boundary";
import { useShortcuts } from "../ui/keyboard";
import { type Route, useRoute } from "../ui/route";
import { Shortcuts } from "../ui/Shortcuts";
import { PHONE, useMedia } from "../ui/useMedia";
import { Rail } from "./Rail";
import { Sheet } from "./Sheet";
import { StatusBar } from "./StatusBar";

const LiveMap = lazy(() => import("../map/LiveMap"));

const TITLES = {
  overview: "Overview",
  orders: "Orders",
  drivers: "Drivers",
  dispatch: "Dispatch",
  stores: "Stores",
} as const;

export function Console({ config, token }: { config: MissionConfig; token: string }) {
  const regionId = config.region_id;
  const route = useRoute();
  const phone = useMedia(PHONE);
  const [help, setHelp] = useState(false);
  useLive(regionId, token);

  const actions = useMemo(
    () => ({
      toggleHelp: () => setHelp((open) => !open),
      toggleFollow: mapCommands.toggleFollow,
      showRegion: mapCommands.showRegion,
      nextZoneFigure: mapCommands.nextZoneFigure,
    }),
    [],
  );
  useShortcuts(actions);

  useEffect(() => {
    document.title = `${TITLES[route.panel]} · Mission control`;
  }, [route.panel]);

  const detail = route.id === null ? null : <Detail key={route.id} route={route} regionId={regionId} />;
  const panel = <ActivePanel route={route} regionId={regionId} />;

  return (
    <div className={phone ? "console console--phone" : "console"}>
      <Boundary name="The map">
        <Suspense>
          <LiveMap config={config} phone={phone} />
        </Suspense>
      </Boundary>
      <StatusBar config={config} />
      {phone ? (
        <Sheet detail={detail} onHelp={actions.toggleHelp}>
          {panel}
        </Sheet>
      ) : (
        <>
          <div className="dock card" data-covers="left">
            <Rail onHelp={actions.toggleHelp} />
            <main className="panel" aria-label={TITLES[route.panel]}>
              {panel}
            </main>
          </div>
          {detail !== null && (
            <aside className="detail card" data-covers="right">
              {detail}
            </aside>
          )}
        </>
      )}
      <Shortcuts open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function ActivePanel({ route, regionId }: { route: Route; regionId: string }) {
  if (route.panel === "orders") return <OrdersPanel regionId={regionId} />;
  if (route.panel === "drivers") return <DriversPanel regionId={regionId} />;
  if (route.panel === "dispatch") return <DispatchPanel regionId={regionId} />;
  if (route.panel === "stores") return <StoresPanel regionId={regionId} />;
  return <Overview regionId={regionId} />;
}

function Detail({ route, regionId }: { route: Route; regionId: string }) {
  const id = route.id ?? "";
  if (route.panel === "drivers") return <DriverDetail driverId={id} regionId={regionId} />;
  if (route.panel === "dispatch") return <TickDetail tickId={id} regionId={regionId} />;
  if (route.panel === "stores") return <StoreDetail storeId={id} regionId={regionId} />;
  return <OrderDetail orderId={id} regionId={regionId} />;
}
