import { useQuery } from "@tanstack/react-query";
import { stateQuery } from "../api/queries";
import type { StoreState } from "../api/types";
import { shortId } from "../ui/format";
import { Empty, Failure } from "../ui/Notice";
import { refine, useRoute } from "../ui/route";
import { Row, RowGroup } from "../ui/Rows";
import { SearchField } from "../ui/SearchField";
import { SkeletonRows } from "../ui/Skeleton";

/** The region's stores, those that sell now first. */
export function StoresPanel({ regionId }: { regionId: string }) {
  const { params } = useRoute();
  const q = params["q"] ?? "";
  return (
    <div className="list">
      <div className="list__head">
        <div className="list__title">
          <h1>Stores</h1>
        </div>
        <SearchField label="Search stores" value={q} onChange={(text) => refine({ params: { q: text } })} />
      </div>
      <StoreGroups regionId={regionId} q={q.trim().toLowerCase()} />
    </div>
  );
}

function StoreGroups({ regionId, q }: { regionId: string; q: string }) {
  const { data, error, refetch } = useQuery(stateQuery(regionId));
  if (data === undefined) {
    return error === null ? <SkeletonRows rows={9} /> : <Failure error={error} retry={() => void refetch()} />;
  }
  const found = data.stores.filter(({ id, name }) => name.toLowerCase().includes(q) || id.includes(q));
  if (found.length === 0) {
    return (
      <Empty icon="stores" title={q === "" ? "No store in this region" : "No store matches"}>
        {q === "" ? "Stores appear as soon as a merchant opens one." : "Look for a name or the end of an id."}
      </Empty>
    );
  }
  const waiting = new Map<string, number>();
  for (const { store_id: id } of data.orders) waiting.set(id, (waiting.get(id) ?? 0) + 1);
  return (
    <div className="list__rows scroll">
      {[true, false].map((open) => {
        const name = open ? "Takes orders" : "Closed by its owner or not approved";
        return (
          <RowGroup key={name} name={name} tone={open ? "done" : "idle"} items={found.filter((store) => store.open === open)}>
            {(store) => <StoreRow key={store.id} store={store} orders={waiting.get(store.id) ?? 0} />}
          </RowGroup>
        );
      })}
    </div>
  );
}

function StoreRow({ store, orders }: { store: StoreState; orders: number }) {
  return (
    <Row panel="stores" id={store.id}>
      <span className="row__main">
        <span className="row__name">{store.name}</span>
      </span>
      <span className="row__more">
        <span className="mono">{shortId(store.id)}</span>
        <span className="row__due figures">{orders === 1 ? "1 open order" : `${orders} open orders`}</span>
      </span>
    </Row>
  );
}
