import "./map.css";
import { useQuery } from "@tanstack/react-query";
import type { Map as MapLibreMap } from "maplibre-gl";
import { useEffect, useRef, useState } from "react";
import { stateQuery, streetsQuery, zonesQuery } from "../api/queries";
import type { MissionConfig } from "../api/types";
import { fleet } from "../live/fleet";
import { connection } from "../live/useLive";
import { Empty } from "../ui/Notice";
import { go } from "../ui/route";
import { useStore } from "../ui/store";
import { theme } from "../ui/theme";
import { mapCommands } from "./commands";
import { createMap, repaint, setSource } from "./createMap";
import { FleetLayer } from "./FleetLayer";
import { focusFeatures, NOTHING, orderFeatures, storeFeatures } from "./features";
import { Attribution, Legend, ZoomControls } from "./Legend";
import { readPalette } from "./palette";
import { type Pointed, type Target, watchPointer } from "./pointer";
import { Tip } from "./Tip";
import { useCamera } from "./useCamera";
import { useFocus } from "./useFocus";
import { ZoneControl } from "./ZoneControl";
import { zoneFeatures, zoneFigure } from "./zones";

interface Drawing {
  map: MapLibreMap;
  drivers: FleetLayer;
}

const DRAWABLE = document.createElement("canvas").getContext("webgl2") !== null;

/** The live map of the region, beneath everything else. */
export default function LiveMap({ config, phone }: { config: MissionConfig; phone: boolean }) {
  const container = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const mode = useStore(theme);
  const lost = useStore(connection).phase === "lost";
  const { data: state } = useQuery(stateQuery(config.region_id));
  const { data: streets } = useQuery(streetsQuery(config.region_id));
  const figure = useStore(zoneFigure);
  const { data: zones } = useQuery({ ...zonesQuery(config.region_id), enabled: figure !== null });
  const focus = useFocus(config.region_id);

  useEffect(() => {
    if (container.current === null || !DRAWABLE) return;
    const palette = readPalette();
    const map = createMap(container.current, config, palette);
    map.once("load", () => {
      const drivers = new FleetLayer(fleet, palette);
      map.addLayer(drivers);
      setDrawing({ map, drivers });
    });
    const unwatch = watchPointer(map, fleet, setPointed, choose);
    return () => {
      unwatch();
      map.remove();
      setDrawing(null);
    };
  }, [config]);

  useEffect(() => {
    if (drawing === null) return;
    const palette = readPalette();
    repaint(drawing.map, palette);
    drawing.drivers.repaint(palette);
  }, [drawing, mode]);

  useEffect(() => {
    if (drawing !== null && streets !== undefined) setSource(drawing.map, "streets", streets);
  }, [drawing, streets]);

  useEffect(() => {
    if (drawing === null || state === undefined) return;
    setSource(drawing.map, "stores", storeFeatures(state.stores));
    setSource(drawing.map, "orders", orderFeatures(state.orders));
  }, [drawing, state]);

  useEffect(() => {
    if (drawing === null) return;
    setSource(drawing.map, "zones", figure === null || zones === undefined ? NOTHING : zoneFeatures(zones.zones, figure));
  }, [drawing, zones, figure]);

  useEffect(() => {
    if (drawing === null) return;
    setSource(drawing.map, "focus", focusFeatures(focus.order));
    drawing.drivers.chosen = focus.driverId;
    drawing.map.triggerRepaint();
  }, [drawing, focus.order, focus.driverId]);

  useCamera(drawing?.map ?? null, config, phone, focus);

  return (
    <section className={lost ? "map map--stale" : "map"} aria-label="Live map of drivers, orders and stores">
      <div ref={container} className="map__canvas" />
      {!DRAWABLE && (
        <Empty icon="offline" title="The map cannot be drawn">
          This browser offers no WebGL 2. Everything else works without it.
        </Empty>
      )}
      {pointed !== null && state !== undefined && <Tip pointed={pointed} state={state} zones={zones?.zones ?? []} />}
      <Legend state={state} />
      <ZoneControl figure={figure} zones={zones} />
      <ZoomControls
        onIn={() => drawing?.map.zoomIn()}
        onOut={() => drawing?.map.zoomOut()}
        onRegion={mapCommands.showRegion}
      />
      <Attribution streets={streets} />
    </section>
  );
}

/** A click on the map opens what lies there; a store narrows the open orders to its own. */
function choose(target: Target): void {
  if (target.kind === "zone") return;
  if (target.kind === "store") go({ panel: "orders", id: null, params: { q: target.name } });
  else go({ panel: target.kind === "driver" ? "drivers" : "orders", id: target.id, params: {} });
}
