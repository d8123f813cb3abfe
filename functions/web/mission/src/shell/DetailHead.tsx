import type { ReactNode } from "react";
import { Copy } from "../ui/Copy";
import { Icon } from "../ui/Icon";
import { closeDetail } from "../ui/route";

/** The head of a detail view: what it is, its full id to copy, its state, and the way out. */
export function DetailHead({ title, copies, children }: { title: string; copies: string; children?: ReactNode }) {
  return (
    <header className="detail__head">
      <button type="button" className="icon-button detail__back" aria-label="Back to the list" onClick={closeDetail}>
        <Icon name="back" />
      </button>
      <h2>{title}</h2>
      <Copy value={copies} label="id">
        {""}
      </Copy>
      {children}
      <button type="button" className="icon-button detail__close" aria-label="Close" onClick={closeDetail}>
        <Icon name="close" />
      </button>
    </header>
  );
}
