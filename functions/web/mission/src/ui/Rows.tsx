import type { ReactNode } from "react";
import { Dot } from "./Chip";
import { hrefTo, useRoute } from "./route";
import type { Panel } from "./route";
import type { Tone } from "./tone";

interface RowGroupProps<Item> {
  name: string;
  tone: Tone;
  items: Item[];
  children: (item: Item) => ReactNode;
}

/** Rows under a heading that counts them; nothing where there are none. */
export function RowGroup<Item>({ name, tone, items, children }: RowGroupProps<Item>) {
  if (items.length === 0) return null;
  return (
    <section aria-label={name}>
      <h2 className="list__group">
        <Dot tone={tone} />
        {name}
        <span className="figures">{items.length}</span>
      </h2>
      <ol>{items.map(children)}</ol>
    </section>
  );
}

/** A row that leads to one thing of a panel, and is marked while that is open. */
export function Row({ panel, id, children }: { panel: Panel; id: string; children: ReactNode }) {
  const { id: chosen, params } = useRoute();
  return (
    <li className="row">
      <a className="row__link" data-row href={hrefTo(panel, id, params)} aria-current={chosen === id ? "true" : undefined}>
        {children}
      </a>
    </li>
  );
}
