import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { conductQuery, recordViolation } from "../api/queries";
import type { Finding, ViolationKind } from "../api/types";
import { FormProblem } from "../ui/FormProblem";
import { Icon } from "../ui/Icon";
import { VIOLATION_KINDS, VIOLATION_NAMES } from "./kinds";

/** Writes down what an authority found. `today` is the store's own date: nothing is found in the future. */
export function RecordViolation({ storeId, today }: { storeId: string; today: string }) {
  const blank: Finding = { kind: "sale_to_minor", occurred_on: today, authority: "", reference: "" };
  const [finding, setFinding] = useState(blank);
  const [open, setOpen] = useState(false);
  const cache = useQueryClient();
  const record = useMutation({
    mutationFn: () => recordViolation(storeId, finding),
    onSuccess: (conduct) => {
      cache.setQueryData(conductQuery(storeId).queryKey, conduct);
      setFinding(blank);
      setOpen(false);
    },
  });
  const change = (changed: Partial<Finding>) => setFinding({ ...finding, ...changed });
  if (!open) {
    return (
      <button type="button" className="button record" onClick={() => setOpen(true)}>
        <Icon name="plus" size={14} /> Record a violation
      </button>
    );
  }
  return (
    <form
      className="form record"
      aria-label="Record a violation"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate();
      }}
    >
      <label>
        What was found
        <select autoFocus value={finding.kind} onChange={(event) => change({ kind: event.target.value as ViolationKind })}>
          {VIOLATION_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {VIOLATION_NAMES[kind]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Day of the violation
        <input
          type="date"
          required
          max={today}
          value={finding.occurred_on}
          onChange={(event) => change({ occurred_on: event.target.value })}
        />
      </label>
      <label>
        Authority
        <input
          required
          minLength={2}
          maxLength={120}
          placeholder="Texas Comptroller"
          value={finding.authority}
          onChange={(event) => change({ authority: event.target.value })}
        />
      </label>
      <label>
        Its reference, and never a name
        <input
          required
          minLength={2}
          maxLength={120}
          value={finding.reference}
          onChange={(event) => change({ reference: event.target.value })}
        />
      </label>
      {record.error !== null && <FormProblem error={record.error} />}
      <div className="form__actions">
        <button type="button" className="button" onClick={() => setOpen(false)}>
          Cancel
        </button>
        <button type="submit" className="button form__send" disabled={record.isPending}>
          {record.isPending ? "Recording" : "Record"}
        </button>
      </div>
    </form>
  );
}
