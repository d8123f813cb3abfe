import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { conductQuery, withdrawViolation } from "../api/queries";
import type { Conduct, Violation } from "../api/types";
import { session } from "../session/session";
import { Chip } from "../ui/Chip";
import { FormProblem } from "../ui/FormProblem";
import { day } from "../ui/format";
import { Icon } from "../ui/Icon";
import { Empty } from "../ui/Notice";
import { useStore } from "../ui/store";
import { VIOLATION_NAMES } from "./kinds";
import { RecordViolation } from "./RecordViolation";

/** What authorities found at a store, how much of it adds up, and what the next may bring. */
export function Violations({ conduct }: { conduct: Conduct }) {
  const mayWrite = useStore(session).role === "admin";
  return (
    <section aria-label="Violations">
      <h3 className="list__group">
        Violations {conduct.since !== null && <span className="quiet">that add up since {day(conduct.since)}</span>}
        <span className="figures">{conduct.count}</span>
      </h3>
      <Outlook conduct={conduct} />
      {conduct.items.length === 0 ? (
        <Empty icon="check" title="Nothing on record">
          No authority has found a violation at this store.
        </Empty>
      ) : (
        <ol className="papers">
          {conduct.items.toReversed().map((violation) => (
            <ViolationRow key={violation.id} storeId={conduct.store_id} violation={violation} mayWrite={mayWrite} />
          ))}
        </ol>
      )}
      {mayWrite && <RecordViolation storeId={conduct.store_id} today={conduct.day} />}
    </section>
  );
}

function Outlook({ conduct: { outlook, penalty, count } }: { conduct: Conduct }) {
  const tone = penalty?.revokes === true ? "tone-alert" : count > 0 ? "tone-store" : "tone-idle";
  return (
    <p className={`remark ${tone}`}>
      <Icon name={count > 0 ? "alert" : "shield"} />
      <span>
        {outlook}
        {penalty !== null && (
          <small className="remark__source">
            {penalty.url === null ? (
              penalty.source
            ) : (
              <a className="link" href={penalty.url} target="_blank" rel="noreferrer">
                {penalty.source}
              </a>
            )}{" "}
            · confidence {penalty.confidence}
          </small>
        )}
      </span>
    </p>
  );
}

function State({ violation }: { violation: Violation }) {
  if (violation.withdrawn_at !== null) return <Chip tone="idle">Withdrawn</Chip>;
  return violation.counts ? <Chip tone="alert">Adds up</Chip> : <Chip tone="idle">On record</Chip>;
}

interface ViolationRowProps {
  storeId: string;
  violation: Violation;
  mayWrite: boolean;
}

function ViolationRow({ storeId, violation, mayWrite }: ViolationRowProps) {
  return (
    <li className="paper">
      <p className="paper__title">
        <strong>{VIOLATION_NAMES[violation.kind]}</strong>
        <State violation={violation} />
      </p>
      <p className="paper__facts">
        <time dateTime={violation.occurred_on}>{day(violation.occurred_on)}</time>
        <span>{violation.authority}</span>
        <span className="mono">{violation.reference}</span>
      </p>
      {violation.withdrawn_reason !== null && <p className="quiet">Withdrawn: {violation.withdrawn_reason}</p>}
      {violation.withdrawn_at === null && mayWrite && <Withdraw storeId={storeId} violation={violation} />}
    </li>
  );
}

/** A violation that is wrong: it stays on record with the reason, and counts no longer. */
function Withdraw({ storeId, violation }: { storeId: string; violation: Violation }) {
  const [reason, setReason] = useState("");
  const cache = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => withdrawViolation(storeId, violation.id, reason),
    onSuccess: (conduct) => cache.setQueryData(conductQuery(storeId).queryKey, conduct),
  });
  return (
    <details className="paper__more">
      <summary>
        <Icon name="chevron" size={12} /> Withdraw
      </summary>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          withdraw.mutate();
        }}
      >
        <label>
          What was wrong about it
          <input required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        {withdraw.error !== null && <FormProblem error={withdraw.error} />}
        <button type="submit" className="button" disabled={withdraw.isPending}>
          {withdraw.isPending ? "Withdrawing" : "Withdraw it"}
        </button>
      </form>
    </details>
  );
}
