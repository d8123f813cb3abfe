import { api } from "../api/client";
import { session } from "../session/session";
import { Icon, type IconName } from "../ui/Icon";
import { hrefTo, type Panel, useRoute } from "../ui/route";
import { useStore } from "../ui/store";
import { theme, toggleTheme } from "../ui/theme";
import { Mark } from "./Mark";

export const PLACES: readonly { panel: Panel; name: string; icon: IconName }[] = [
  { panel: "overview", name: "Overview", icon: "overview" },
  { panel: "orders", name: "Orders", icon: "orders" },
  { panel: "drivers", name: "Drivers", icon: "drivers" },
  { panel: "dispatch", name: "Dispatch", icon: "dispatch" },
  { panel: "stores", name: "Stores", icon: "stores" },
];

/** Revokes the token; the tab is signed out whether or not the server could be told. */
export async function signOut(): Promise<void> {
  await api.POST("/v1/auth/logout").then(session.end, session.end);
}

export function Rail({ onHelp }: { onHelp: () => void }) {
  const route = useRoute();
  const mode = useStore(theme);
  const { accountName } = useStore(session);
  return (
    <nav className="rail" aria-label="Mission control">
      <Mark size={30} />
      <ul className="rail__places">
        {PLACES.map(({ panel, name, icon }, index) => (
          <li key={panel}>
            <a
              className="rail__place"
              href={hrefTo(panel)}
              aria-label={name}
              aria-current={route.panel === panel ? "page" : undefined}
              data-tip={`${name}  ${index + 1}`}
            >
              <Icon name={icon} size={18} />
            </a>
          </li>
        ))}
      </ul>
      <div className="rail__foot">
        <button type="button" className="rail__place" aria-label="Keyboard shortcuts" data-tip="Keyboard  ?" onClick={onHelp}>
          <Icon name="keyboard" size={18} />
        </button>
        <button
          type="button"
          className="rail__place"
          aria-label={mode === "dark" ? "Light colours" : "Dark colours"}
          data-tip={mode === "dark" ? "Light  T" : "Dark  T"}
          onClick={toggleTheme}
        >
          <Icon name={mode === "dark" ? "sun" : "moon"} size={18} />
        </button>
        <button
          type="button"
          className="rail__place"
          aria-label={`Sign out ${accountName}`}
          data-tip={`Sign out ${accountName}`}
          onClick={() => void signOut()}
        >
          <Icon name="exit" size={18} />
        </button>
      </div>
    </nav>
  );
}
