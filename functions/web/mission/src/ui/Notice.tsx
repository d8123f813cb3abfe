import type { ReactNode } from "react";
import { describe } from "../api/problem";
import { Icon, type IconName } from "./Icon";

/** A place where a list would be, saying why it is empty. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <div className="notice">
      <span className="notice__icon">
        <Icon name={icon} size={18} />
      </span>
      <h3>{title}</h3>
      <p>{children}</p>
    </div>
  );
}

/** A failed call in the words of its problem document, with a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const { title, detail, requestId } = describe(error);
  return (
    <div className="notice notice--error" role="alert">
      <span className="notice__icon">
        <Icon name="alert" size={18} />
      </span>
      <h3>{title}</h3>
      <p>{detail}</p>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
      {requestId !== null && <small className="mono">{requestId}</small>}
    </div>
  );
}
