import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { orderSearchQuery, stateQuery } from "../api/queries";
import type { OrderStatus } from "../api/types";
import { Empty, Failure } from "../ui/Notice";
import { SkeletonRows } from "../ui/Skeleton";
import { OrderRow } from "./OrderRow";

interface AllOrdersProps {
  regionId: string;
  status: OrderStatus | "";
  q: string;
}

/** Every order of the region, newest first, page by page from the server's search. */
export function AllOrders({ regionId, status, q }: AllOrdersProps) {
  const typed = useDeferredValue(q.trim());
  const search = useInfiniteQuery(orderSearchQuery(regionId, status, typed));
  const { data: state } = useQuery(stateQuery(regionId));
  const names = new Map(state?.drivers.map((driver) => [driver.id, driver.name]));

  if (search.data === undefined) {
    if (search.error === null) return <SkeletonRows rows={9} />;
    return <Failure error={search.error} retry={() => void search.refetch()} />;
  }
  const orders = search.data.pages.flatMap((page) => page.items);
  if (orders.length === 0) {
    return (
      <Empty icon="search" title="No order matches">
        Look for the end of an order's id, or a store's name. The status filter narrows it too.
      </Empty>
    );
  }
  return (
    <ol className="list__rows scroll">
      {orders.map((order) => (
        <OrderRow key={order.id} order={order} driverName={names.get(order.driver_id ?? "") ?? null} />
      ))}
      {search.hasNextPage && (
        <li className="list__more">
          <button
            type="button"
            className="button"
            disabled={search.isFetchingNextPage}
            onClick={() => void search.fetchNextPage()}
          >
            {search.isFetchingNextPage ? "Loading" : "Show more"}
          </button>
        </li>
      )}
    </ol>
  );
}
