import "./proof.css";
import { useQuery } from "@tanstack/react-query";
import { dossierQuery } from "../api/queries";
import type { Order } from "../api/types";
import { Chip } from "../ui/Chip";
import { type Grade, proofs } from "./proof";

/** How the purchaser's age was proved, at checkout and at the door, and how strong each proof is. */
export function AgeProof({ order }: { order: Order }) {
  const { data: dossier } = useQuery(dossierQuery(order.id));
  return (
    <section className="proof" aria-label="Proof of age">
      <h3>Proof of age</h3>
      <ol>
        {proofs(order, dossier?.events ?? []).map(({ place, kind, verdict, tone, grade, facts }) => (
          <li key={place} className={`tone-${tone}`}>
            <p className="proof__place">
              {place}
              <Chip tone={tone}>{verdict}</Chip>
            </p>
            <p className="proof__kind">
              {kind}
              {grade !== null && <Strength grade={grade} />}
            </p>
            {grade !== null && <p className="proof__means">{grade.means}</p>}
            {facts.length > 0 && <p className="proof__facts figures">{facts.join(" · ")}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Three bars, filled as far as the evidence carries. */
function Strength({ grade: { name, strength, tone } }: { grade: Grade }) {
  return (
    <span className={`strength tone-${tone}`}>
      <span className="strength__bars" role="img" aria-label={`Strength ${strength} of 3`}>
        {[1, 2, 3].map((step) => (
          <i key={step} data-filled={step <= strength} />
        ))}
      </span>
      {name}
    </span>
  );
}
