import { useEffect, useState } from "react";
import { Icon } from "./Icon";

const SHOWN_MS = 1_400;

/** A short form of a value that copies the whole of it. */
export function Copy({ value, label, children }: { value: string; label: string; children: string }) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);

  useEffect(() => {
    if (outcome === null) return;
    const timer = window.setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [outcome]);

  function copy(): void {
    navigator.clipboard.writeText(value).then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  }

  return (
    <button type="button" className="copy mono" title={value} aria-label={`Copy ${label}`} onClick={copy}>
      {children}
      <Icon name={outcome === "copied" ? "check" : outcome === "refused" ? "close" : "copy"} size={12} />
      <span className="visually-hidden" role="status">
        {outcome === "copied" ? "Copied" : outcome === "refused" ? "The browser refused to copy" : ""}
      </span>
    </button>
  );
}
