import "./dossier.css";
import { useMutation, useQuery } from "@tanstack/react-query";
import { dossierQuery, verifyDossier } from "../api/queries";
import { describe } from "../api/problem";
import type { DossierEvent } from "../api/types";
import { clock, shortHash, shortId, words } from "../ui/format";
import { Copy } from "../ui/Copy";
import { Icon } from "../ui/Icon";
import { Empty, Failure } from "../ui/Notice";
import { SkeletonRows } from "../ui/Skeleton";

/** The order's hash chain, and the server's recomputation of it on request. */
export function Dossier({ orderId }: { orderId: string }) {
  const { data, error, refetch } = useQuery(dossierQuery(orderId));
  const check = useMutation({ mutationFn: () => verifyDossier(orderId) });
  if (data === undefined) {
    return error === null ? <SkeletonRows rows={5} /> : <Failure error={error} retry={() => void refetch()} />;
  }
  if (data.events.length === 0) {
    return (
      <Empty icon="shield" title="No event yet">
        The chain begins with the first change of this order.
      </Empty>
    );
  }
  const broken = check.data?.first_broken?.seq ?? null;
  return (
    <div className="dossier">
      <div className="dossier__verify">
        <div>
          <span className="quiet">Head of {data.length} events</span>
          <Copy value={data.head_hash} label="head hash">
            {shortHash(data.head_hash)}
          </Copy>
        </div>
        <button type="button" className="button" disabled={check.isPending} onClick={() => check.mutate()}>
          <Icon name="shield" size={14} />
          {check.isPending ? "Verifying" : "Verify chain"}
        </button>
      </div>
      <div aria-live="polite">
        <Verdict check={check} length={data.length} />
      </div>
      <ol className="chain">
        {data.events.map((event) => (
          <ChainEvent key={event.seq} event={event} broken={event.seq === broken} />
        ))}
      </ol>
    </div>
  );
}

type Check = Pick<ReturnType<typeof useMutation<Awaited<ReturnType<typeof verifyDossier>>>>, "data" | "error">;

function Verdict({ check: { data, error }, length }: { check: Check; length: number }) {
  if (error !== null) {
    const { title, detail } = describe(error);
    return (
      <p className="verdict tone-store">
        <Icon name="alert" />
        <span>
          <strong>Not verified.</strong> {title}. {detail}
        </span>
      </p>
    );
  }
  if (data === undefined) return null;
  if (data.valid) {
    return (
      <p className="verdict tone-done">
        <Icon name="check" />
        <span>
          <strong>Chain is intact.</strong> All {data.length} hashes were recomputed and match.
          {length > data.length && " The chain has grown since: verify it again."}
        </span>
      </p>
    );
  }
  return (
    <p className="verdict tone-alert">
      <Icon name="alert" />
      <span>
        <strong>Chain is broken{data.first_broken !== null && ` at event ${data.first_broken.seq}`}.</strong>{" "}
        {data.first_broken?.reason}
      </span>
    </p>
  );
}

function ChainEvent({ event, broken }: { event: DossierEvent; broken: boolean }) {
  const facts = Object.entries(event.data);
  return (
    <li className={broken ? "chain__event chain__event--broken" : "chain__event"}>
      <span className="chain__seq figures">{event.seq}</span>
      <div className="chain__body">
        <p className="chain__title">
          <strong>{words(event.type)}</strong>
          <time dateTime={event.at}>{clock(event.at)}</time>
        </p>
        <p className="chain__meta">
          <span>
            {words(event.actor.role)}
            {event.actor.role !== "platform" && <span className="mono"> {shortId(event.actor.id)}</span>}
          </span>
          <Copy value={event.hash} label={`hash of event ${event.seq}`}>
            {shortHash(event.hash)}
          </Copy>
        </p>
        {facts.length > 0 && (
          <details>
            <summary>
              <Icon name="chevron" size={12} /> {facts.length === 1 ? "1 fact" : `${facts.length} facts`}
            </summary>
            <dl>
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{words(name)}</dt>
                  <dd className="mono">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  );
}
