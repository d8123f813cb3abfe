"""Whether bundles kept their word: what trips really took beside what their orders were estimated to take apart."""

from datetime import timedelta

from shared.storage.connection import Row
from shared.storage.work import Work


def by_size(work: Work, since: timedelta) -> list[Row]:
    """Of the trips that ended lately and delivered everything they carried, by the number of their orders: `orders`, `trips`,
    how many took less time than their orders apart (`beaten`), and the means `took_s` and `apart_s` (None where no order was
    estimated alone)."""
    return work.run(_BY_SIZE, since=work.now - since)


_BY_SIZE = """
    WITH ended AS (
        SELECT p.trip_id, p.took_s, count(*) AS orders,
               CASE WHEN count(*) = count(x.apart_s) THEN sum(x.apart_s) END AS apart_s
        FROM trips p JOIN tasks t USING (trip_id) JOIN trip_tasks x USING (trip_id, task_id)
        WHERE p.status = 'done' AND p.ended_at >= :since
        GROUP BY p.trip_id HAVING bool_and(t.status = 'done' AND t.kind = 'delivery')
    )
    SELECT orders, count(*) AS trips, count(*) FILTER (WHERE took_s < apart_s) AS beaten,
           CAST(avg(took_s) AS float8) AS took_s, CAST(avg(apart_s) AS float8) AS apart_s
    FROM ended GROUP BY orders ORDER BY orders
"""
