import type { ReactNode } from "react";
import { Dot } from "../ui/Chip";
import type { Tone } from "../ui/tone";

export function Section({ title, aside, children }: { title: string; aside?: string; children: ReactNode }) {
  return (
    <section className="kpi">
      <header>
        <h2>{title}</h2>
        {aside !== undefined && <span className="quiet figures">{aside}</span>}
      </header>
      {children}
    </section>
  );
}

export function Figures({ children }: { children: ReactNode }) {
  return <dl className="kpi__figures">{children}</dl>;
}

export function Figure({ name, value, tone }: { name: string; value: string; tone?: Tone }) {
  return (
    <div>
      <dt>
        {tone !== undefined && <Dot tone={tone} />}
        {name}
      </dt>
      <dd className="figures">{value}</dd>
    </div>
  );
}

/** One bar split by share; parts of nothing leave no trace. */
export function SplitBar({ label, parts }: { label: string; parts: { name: string; tone: Tone; value: number }[] }) {
  const filled = parts.filter((part) => part.value > 0);
  const summary = filled.map((part) => `${part.name} ${part.value}`).join(", ");
  return (
    <div className="split" role="img" aria-label={`${label}: ${summary || "none"}`}>
      {filled.map(({ name, tone, value }) => (
        <span key={name} className={`tone-${tone}`} style={{ flexGrow: value }} title={`${name} ${value}`} />
      ))}
    </div>
  );
}
