import { createStore } from "../ui/store";
import { ZONE_FIGURES, zoneFigure } from "./zones";

/** The driver that the map keeps in its middle. */
export const followed = createStore<string | null>(null);

/** The driver that the open detail is about, which is whom the F key follows. */
export const driverInView = createStore<string | null>(null);

/** Counts the wishes to see the whole region. */
export const regionWishes = createStore(0);

export const mapCommands = {
  toggleFollow(): void {
    const driverId = driverInView.get();
    followed.set(followed.get() === driverId ? null : driverId);
  },
  nextZoneFigure(): void {
    const round = [null, ...ZONE_FIGURES];
    zoneFigure.set(round[(round.indexOf(zoneFigure.get()) + 1) % round.length] ?? null);
  },
  showRegion(): void {
    followed.set(null);
    regionWishes.set(regionWishes.get() + 1);
  },
};
