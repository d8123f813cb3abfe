"""Gauges read from the database, so that every instance tells the same."""

from dataclasses import dataclass

from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class Sample:
    """One gauge; `labels` has at most one entry."""

    name: str
    labels: dict[str, str]
    value: int


def read(work: Work) -> list[Sample]:
    rows = work.run(_GAUGES)
    return [Sample(row["name"], {row["label"]: row["of"]} if row["label"] else {}, row["value"]) for row in rows]


def prometheus(samples: list[Sample]) -> str:
    """The text format, version 0.0.4: one `# TYPE` line per metric, then its samples."""
    lines: list[str] = []
    for sample in samples:
        kind = f"# TYPE {sample.name} gauge"
        if kind not in lines:
            lines.append(kind)
        labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
        lines.append(f"{sample.name}{{{labels}}} {sample.value}" if labels else f"{sample.name} {sample.value}")
    return "\n".join(lines) + "\n"


_GAUGES = """
    SELECT 'cloudrun_orders' AS name, 'status' AS label, status AS of, count(*) AS value FROM orders GROUP BY status
    UNION ALL SELECT 'cloudrun_offers', 'status', status, count(*) FROM offers GROUP BY status
    UNION ALL SELECT 'cloudrun_drivers_online', 'region_id', region_id, count(*) FROM drivers
        WHERE online GROUP BY region_id
    UNION ALL SELECT 'cloudrun_outbox_messages', NULL, NULL, count(*) FROM outbox
    UNION ALL SELECT 'cloudrun_payment_intents_open', NULL, NULL, count(*) FROM payment_intents
        WHERE status IN ('pending', 'unknown')
    UNION ALL SELECT 'cloudrun_stuck_orders', NULL, NULL, count(*) FROM orders WHERE stuck_reason IS NOT NULL
    UNION ALL SELECT 'cloudrun_slots_' || outcome, 'region_id', region_id, count(*) FROM skipped_slots s
        WHERE NOT EXISTS (SELECT FROM ticks t WHERE t.region_id = s.region_id AND t.slot_at = s.slot_at)
        GROUP BY outcome, region_id
    UNION ALL SELECT 'cloudrun_ticks_unannounced', NULL, NULL, count(*) FROM ticks WHERE NOT announced
    ORDER BY 1, 3
"""
