"""Gauges read from the database, so that every instance tells the same."""

from shared.storage.work import Work

_GAUGES = """
    SELECT 'cloudrun_orders' AS name, 'status="' || status || '"' AS label, count(*) AS value FROM orders GROUP BY status
    UNION ALL SELECT 'cloudrun_offers', 'status="' || status || '"', count(*) FROM offers GROUP BY status
    UNION ALL SELECT 'cloudrun_drivers_online', 'region_id="' || region_id || '"', count(*) FROM drivers
        WHERE online GROUP BY region_id
    UNION ALL SELECT 'cloudrun_outbox_messages', '', count(*) FROM outbox
    UNION ALL SELECT 'cloudrun_payment_intents_open', '', count(*) FROM payment_intents
        WHERE status IN ('pending', 'unknown')
    UNION ALL SELECT 'cloudrun_stuck_orders', '', count(*) FROM orders WHERE stuck_reason IS NOT NULL
    ORDER BY 1, 2
"""


def render(work: Work) -> str:
    """One `# TYPE` line per metric, then its samples."""
    lines: list[str] = []
    for row in work.run(_GAUGES):
        kind = f"# TYPE {row['name']} gauge"
        if kind not in lines:
            lines.append(kind)
        labels = f"{{{row['label']}}}" if row["label"] else ""
        lines.append(f"{row['name']}{labels} {row['value']}")
    return "\n".join(lines) + "\n"
