import { createStore } from "./store";

export type Theme = "light" | "dark";

const KEY = "cloudrun.mission.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

const chosen = (): Theme | null => {
  const saved = localStorage.getItem(KEY);
  return saved === "light" || saved === "dark" ? saved : null;
};

const effective = (): Theme => chosen() ?? (system.matches ? "dark" : "light");

/** The theme in force: the person's own choice, else the system's. */
export const theme = createStore<Theme>(effective());

function apply(): void {
  document.documentElement.dataset["theme"] = effective();
  theme.set(effective());
}

system.addEventListener("change", apply);
apply();

/** Switches sides. Choosing what the system has anyway means following the system again. */
export function toggleTheme(): void {
  const next: Theme = effective() === "dark" ? "light" : "dark";
  if ((next === "dark") === system.matches) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  apply();
}
