import { useQuery } from "@tanstack/react-query";
import { permitsQuery } from "../api/queries";
import type { Permit } from "../api/types";
import { Chip } from "../ui/Chip";
import { day, words } from "../ui/format";
import { Empty, Failure } from "../ui/Notice";
import { SkeletonRows } from "../ui/Skeleton";
import { standingTone } from "./standing";

/** The permits of one place of business, and those of its merchant that cover it. */
export function Permits({ merchantId, storeId }: { merchantId: string; storeId: string }) {
  const { data, error, refetch } = useQuery(permitsQuery(merchantId));
  const held = data?.items.filter((permit) => permit.store_id === null || permit.store_id === storeId);
  return (
    <section aria-label="Permits">
      <h3 className="list__group">
        Permits <span className="figures">{held?.length}</span>
      </h3>
      {held === undefined ? (
        error === null ? <SkeletonRows rows={3} /> : <Failure error={error} retry={() => void refetch()} />
      ) : held.length === 0 ? (
        <Empty icon="shield" title="No permit on file">
          Nothing restricted is sold here before its permits are verified.
        </Empty>
      ) : (
        <ul className="papers">
          {held.map((permit) => (
            <PermitRow key={permit.id} permit={permit} />
          ))}
        </ul>
      )}
    </section>
  );
}

function PermitRow({ permit }: { permit: Permit }) {
  return (
    <li className="paper">
      <p className="paper__title">
        <strong>{words(permit.kind)}</strong>
        <Chip tone={standingTone(permit.status)}>{words(permit.status)}</Chip>
      </p>
      <p className="paper__facts">
        <span className="mono">{permit.number}</span>
        <span className="figures">until {day(permit.expires_on)}</span>
      </p>
      {permit.review_reason !== null && <p className="quiet">{permit.review_reason}</p>}
    </li>
  );
}
