import { useEffect } from "react";
import { closeDetail, currentRoute, go, PANELS } from "./route";
import { createStore } from "./store";
import { toggleTheme } from "./theme";

export const SHORTCUTS = [
  { keys: ["/"], does: "Search" },
  { keys: ["↑", "↓"], does: "Move through the list" },
  { keys: ["Enter"], does: "Open the chosen row" },
  { keys: ["Esc"], does: "Close what is open" },
  { keys: ["1", "–", "5"], does: "Overview, orders, drivers, dispatch, stores" },
  { keys: ["F"], does: "Follow the driver on the map" },
  { keys: ["0"], does: "Show the whole region" },
  { keys: ["Z"], does: "Zones: surge, demand, drivers, none" },
  { keys: ["T"], does: "Light or dark" },
  { keys: ["?"], does: "This list" },
] as const;

/** Set when the search field was called for before it was on the page: it takes the focus when it appears. */
export const searchWanted = createStore(false);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches("input, select, textarea") || target.isContentEditable);

/** Moves the focus to the row before or after the focused one; from outside, to the chosen or first row. */
function moveInList(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const focused = rows.indexOf(document.activeElement as HTMLElement);
  const chosen = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = focused !== -1 ? rows[focused + step] : (rows[chosen] ?? rows[0]);
  next?.focus();
  return next !== undefined;
}

function search(): void {
  const field = document.querySelector<HTMLInputElement>("[data-search]");
  field?.focus();
  if (field !== null) return;
  searchWanted.set(true);
  go({ panel: "orders", id: null, params: {} });
}

interface Actions {
  toggleHelp(): void;
  toggleFollow(): void;
  showRegion(): void;
  nextZoneFigure(): void;
}

function run(event: KeyboardEvent, actions: Actions): boolean {
  const fromSearch = event.target instanceof Element && event.target.matches("[data-search]");
  if (event.key === "ArrowDown" && fromSearch) return moveInList(1);
  if (isTyping(event.target)) return false;
  const panel = PANELS[Number(event.key) - 1];
  if (panel !== undefined) go({ panel, id: null, params: {} });
  else if (event.key === "ArrowDown") return moveInList(1);
  else if (event.key === "ArrowUp") return moveInList(-1);
  else if (event.key === "/") search();
  else if (event.key === "?") actions.toggleHelp();
  else if (event.key === "t") toggleTheme();
  else if (event.key === "f") actions.toggleFollow();
  else if (event.key === "0") actions.showRegion();
  else if (event.key === "z") actions.nextZoneFigure();
  else if (event.key === "Escape" && currentRoute().id !== null) closeDetail();
  else return false;
  return true;
}

/** The console's shortcuts. Keys with a modifier stay the browser's, and so do arrows inside a tab list or a dialog. */
export function useShortcuts(actions: Actions): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest("[role=tablist], dialog, .maplibregl-canvas")) {
        if (event.key.startsWith("Arrow")) return;
      }
      if (run(event, actions)) event.preventDefault();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [actions]);
}
