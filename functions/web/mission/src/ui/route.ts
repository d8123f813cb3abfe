import { useSyncExternalStore } from "react";

export const PANELS = ["overview", "orders", "drivers", "dispatch", "stores"] as const;
export type Panel = (typeof PANELS)[number];

/** What the console shows, all of it in the address: `#/orders/ord_1?stage=road&tab=dossier`. */
export interface Route {
  panel: Panel;
  id: string | null;
  params: Record<string, string>;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [first = "", second = ""] = path.split("/");
  const panel = PANELS.find((name) => name === first) ?? "overview";
  return {
    panel,
    id: panel === first && second !== "" ? decodeURIComponent(second) : null,
    params: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function printRoute({ panel, id, params }: Route): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== "")).toString();
  return `#/${panel}${id === null ? "" : `/${encodeURIComponent(id)}`}${query === "" ? "" : `?${query}`}`;
}

export const hrefTo = (panel: Panel, id: string | null = null, params: Record<string, string> = {}): string =>
  printRoute({ panel, id, params });

export const currentRoute = (): Route => parseRoute(window.location.hash);

/** A step that the back button undoes. */
export function go(route: Route): void {
  window.location.hash = printRoute(route);
}

/** A change of the same view (a filter, a letter typed): it takes the place of the current address. */
export function refine(change: Partial<Route>): void {
  window.history.replaceState(null, "", printRoute({ ...currentRoute(), ...change }));
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

export const closeDetail = (): void => {
  const { panel, params } = currentRoute();
  const { tab: _tab, ...kept } = params;
  go({ panel, id: null, params: kept });
};

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

let last = { hash: "", route: parseRoute("") };

function snapshot(): Route {
  const { hash } = window.location;
  if (hash !== last.hash) last = { hash, route: parseRoute(hash) };
  return last.route;
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, snapshot);
