import "./stores.css";
import { useQuery } from "@tanstack/react-query";
import { conductQuery, stateQuery } from "../api/queries";
import { DetailHead } from "../shell/DetailHead";
import { Chip } from "../ui/Chip";
import { Failure } from "../ui/Notice";
import { hrefTo } from "../ui/route";
import { SkeletonRows } from "../ui/Skeleton";
import { Permits } from "./Permits";
import { Violations } from "./Violations";

/** One store as the law sees it: what it holds, what was found there, and what the next finding may bring. */
export function StoreDetail({ storeId, regionId }: { storeId: string; regionId: string }) {
  const { data: state } = useQuery(stateQuery(regionId));
  const { data: conduct, error, refetch } = useQuery(conductQuery(storeId));
  const store = state?.stores.find(({ id }) => id === storeId);
  const name = store?.name ?? "Store";
  return (
    <>
      <DetailHead title={name} copies={storeId}>
        {store !== undefined && <Chip tone={store.open ? "done" : "idle"}>{store.open ? "Takes orders" : "Closed"}</Chip>}
      </DetailHead>
      <div className="detail__scroll scroll">
        {conduct === undefined ? (
          error === null ? <SkeletonRows rows={6} /> : <Failure error={error} retry={() => void refetch()} />
        ) : (
          <>
            <dl className="facts">
              <div>
                <dt>Jurisdiction</dt>
                <dd>{conduct.jurisdiction}</dd>
              </div>
              <div>
                <dt>Orders</dt>
                <dd>
                  <a className="link" href={hrefTo("orders", null, { q: name })}>
                    Those of this store
                  </a>
                </dd>
              </div>
            </dl>
            <Violations conduct={conduct} />
            <Permits merchantId={conduct.merchant_id} storeId={storeId} />
          </>
        )}
      </div>
    </>
  );
}
