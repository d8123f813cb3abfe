import type { Map as MapLibreMap } from "maplibre-gl";
import { useEffect, useRef } from "react";
import type { MissionConfig } from "../api/types";
import { fleet } from "../live/fleet";
import { useStore } from "../ui/store";
import { frame, recentre, showRegion } from "./camera";
import { followed, regionWishes } from "./commands";
import { lngLat } from "./features";
import type { Focus } from "./useFocus";

/** Moves the camera: to the region, to what was chosen, along with a followed driver. */
export function useCamera(map: MapLibreMap | null, config: MissionConfig, phone: boolean, focus: Focus): void {
  const following = useStore(followed);
  const wishes = useStore(regionWishes);
  const latest = useRef(focus);

  useEffect(() => {
    latest.current = focus;
  });

  useEffect(() => {
    if (map !== null) showRegion(map, config, phone, wishes > 0);
  }, [map, config, phone, wishes]);

  useEffect(() => {
    if (map === null) return;
    const { order, driverId } = latest.current;
    const driver = driverId === null ? null : fleet.at(driverId, performance.now());
    const ends = order === null ? [] : [lngLat(order.pickup), lngLat(order.dropoff)];
    const points = driver === null ? ends : [...ends, driver];
    if (focus.key !== null && points.length > 0) frame(map, points, phone);
    else recentre(map, phone);
  }, [map, phone, focus.key, focus.detail]);

  useEffect(() => {
    if (following !== null && focus.driverId !== following) followed.set(null);
  }, [following, focus.driverId]);

  useEffect(() => {
    if (map === null || following === null) return;
    const keep = () => {
      const at = fleet.at(following, performance.now());
      if (at !== null && !map.isMoving()) map.jumpTo({ center: at });
    };
    const stop = () => followed.set(null);
    const at = fleet.at(following, performance.now());
    if (at !== null) map.easeTo({ center: at, zoom: Math.max(map.getZoom(), 14), duration: 600 });
    map.on("render", keep);
    map.on("dragstart", stop);
    return () => {
      map.off("render", keep);
      map.off("dragstart", stop);
    };
  }, [map, following]);
}
