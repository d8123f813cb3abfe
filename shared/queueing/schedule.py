"""What the platform calls by the clock, with an empty body."""

SCHEDULE: tuple[tuple[str, int], ...] = (
    ("/internal/dispatch/schedule", 1),
    ("/internal/dispatch/balance_zones", 1),
    ("/internal/dispatch/expire_offers", 1),
    ("/internal/outbox/relay", 1),
    ("/internal/maintenance/finish_intents", 1),
    ("/internal/maintenance/finish_age_checks", 1),
    ("/internal/maintenance/sign_checkpoint", 1),
    ("/internal/maintenance/flag_stuck_orders", 5),
    ("/internal/maintenance/renew_holds", 60),
    ("/internal/maintenance/expire_documents", 5),
    ("/internal/maintenance/record_sales", 60),
    ("/internal/maintenance/shred_expired", 60),
    ("/internal/maintenance/follow_decoys", 5),
    ("/internal/maintenance/forget_strays", 60),
    ("/internal/maintenance/purge_expired", 60),
)
"""(path, every so many minutes; 60 divides by it)"""
