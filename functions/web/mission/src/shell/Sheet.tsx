import "./sheet.css";
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { session } from "../session/session";
import { Icon } from "../ui/Icon";
import { hrefTo, useRoute } from "../ui/route";
import { useStore } from "../ui/store";
import { theme, toggleTheme } from "../ui/theme";
import { PLACES, signOut } from "./Rail";

const SNAPS = ["peek", "half", "full"] as const;
type Snap = (typeof SNAPS)[number];

/** Pixels of a resting height; sheet.css says the same. */
const heightOf = (snap: Snap): number => {
  if (snap === "peek") return 128;
  return Math.round(window.innerHeight * (snap === "half" ? 0.5 : 0.93));
};

/** The phone's bottom sheet: pulled by its handle to one of three heights, with the panels as tabs at its foot. */
export function Sheet({ detail, children, onHelp }: { detail: ReactNode; children: ReactNode; onHelp: () => void }) {
  const route = useRoute();
  const mode = useStore(theme);
  const { accountName } = useStore(session);
  const [snap, setSnap] = useState<Snap>("half");
  const [pulled, setPulled] = useState<number | null>(null);
  const grip = useRef({ y: 0, height: 0 });

  useEffect(() => {
    if (route.id !== null) setSnap((now) => (now === "peek" ? "half" : now));
  }, [route.id]);

  function grab(event: PointerEvent<HTMLButtonElement>): void {
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { y: event.clientY, height: heightOf(snap) };
  }

  function pull(event: PointerEvent<HTMLButtonElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const height = grip.current.height + grip.current.y - event.clientY;
    setPulled(Math.min(Math.max(height, 96), window.innerHeight * 0.95));
  }

  function release(event: PointerEvent<HTMLButtonElement>): void {
    const travelled = Math.abs(event.clientY - grip.current.y);
    const height = pulled ?? grip.current.height;
    setPulled(null);
    setSnap(travelled < 6 ? following(snap) : nearest(height));
  }

  return (
    <div
      className={`sheet sheet--${pulled === null ? snap : "pulled"} card`}
      style={pulled === null ? undefined : { height: pulled }}
    >
      <button
        type="button"
        className="sheet__handle"
        aria-label="Height of the sheet"
        aria-expanded={snap !== "peek"}
        onPointerDown={grab}
        onPointerMove={pull}
        onPointerUp={release}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          setSnap(following(snap));
        }}
      />
      <main className="sheet__body">{detail ?? children}</main>
      <nav className="sheet__tabs" aria-label="Mission control">
        {PLACES.map(({ panel, name, icon }) => (
          <a key={panel} href={hrefTo(panel)} aria-current={route.panel === panel ? "page" : undefined}>
            <Icon name={icon} size={18} />
            {name}
          </a>
        ))}
        <details className="sheet__more">
          <summary aria-label={`More for ${accountName}`}>
            <span className="sheet__initial">{accountName.charAt(0)}</span>More
          </summary>
          <div className="sheet__menu card">
            <button type="button" onClick={toggleTheme}>
              {mode === "dark" ? "Light colours" : "Dark colours"}
            </button>
            <button type="button" onClick={onHelp}>
              Keyboard
            </button>
            <button type="button" onClick={() => void signOut()}>
              Sign out
            </button>
          </div>
        </details>
      </nav>
    </div>
  );
}

const following = (snap: Snap): Snap => SNAPS[(SNAPS.indexOf(snap) + 1) % SNAPS.length] ?? "half";

function nearest(height: number): Snap {
  const distance = (snap: Snap) => Math.abs(heightOf(snap) - height);
  return [...SNAPS].sort((a, b) => distance(a) - distance(b))[0] ?? "half";
}
