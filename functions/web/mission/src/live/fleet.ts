import type { DriverState, Position } from "../api/types";
import { type Glide, isMoving, type LngLat, positionAt, retarget, still } from "./glide";

export interface FleetReport {
  driverId: string;
  position: Position;
  /** Device time, RFC 3339: an older report than the known one is ignored. */
  at: string;
  status: string;
}

interface Track {
  glide: Glide;
  status: string;
  reportedAt: number;
  receivedAt: number;
}

export interface DrawnDriver {
  id: string;
  at: LngLat;
  heading: number | null;
  moving: boolean;
  status: string;
}

/** Positions of all drivers as they are drawn. Kept out of React: it changes with every frame. */
export class Fleet {
  private readonly tracks = new Map<string, Track>();
  private readonly listeners = new Set<() => void>();

  /** Drivers that left the snapshot leave the map; the others take what is newer than what they have. */
  replace(drivers: readonly DriverState[], now: number, glides: boolean): void {
    const present = new Set(drivers.map((driver) => driver.id));
    for (const id of this.tracks.keys()) if (!present.has(id)) this.tracks.delete(id);
    for (const { id, position, position_at, status } of drivers) {
      this.take({ driverId: id, position, at: position_at, status }, now, glides);
    }
    this.tell();
  }

  report(report: FleetReport, now: number, glides: boolean): void {
    this.take(report, now, glides);
    this.tell();
  }

  drawn(now: number): DrawnDriver[] {
    return Array.from(this.tracks, ([id, { glide, status }]) => ({
      id,
      at: positionAt(glide, now),
      heading: glide.heading,
      moving: isMoving(glide, now),
      status,
    }));
  }

  at(driverId: string, now: number): LngLat | null {
    const track = this.tracks.get(driverId);
    return track === undefined ? null : positionAt(track.glide, now);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private take({ driverId, position, at, status }: FleetReport, now: number, glides: boolean): void {
    const reportedAt = Date.parse(at);
    const to: LngLat = [position.lng, position.lat];
    const known = this.tracks.get(driverId);
    if (known !== undefined && reportedAt < known.reportedAt) return;
    if (known !== undefined && reportedAt === known.reportedAt) {
      known.status = status;
      return;
    }
    const glide =
      known === undefined || !glides
        ? { ...still(to), heading: known?.glide.heading ?? null }
        : retarget(known.glide, to, now, now - known.receivedAt);
    this.tracks.set(driverId, { glide, status, reportedAt, receivedAt: now });
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}

export const fleet = new Fleet();
