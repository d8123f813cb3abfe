"""Who listens to what. A subscription pushes to `/internal/events/{consumer}`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscription:
    """`types` filters by the message attribute `type`; None takes everything."""

    topic: str
    consumer: str
    types: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        return f"{self.topic}.{self.consumer}"

    @property
    def path(self) -> str:
        return f"/internal/events/{self.consumer}"


SUBSCRIPTIONS = (
    Subscription("order_events", "project_tracking"),
    Subscription("driver_events", "project_tracking"),
    Subscription("merchant_events", "project_tracking"),
    Subscription("order_events", "wake_dispatch", ("order_accepted", "goods_ready")),
    Subscription("order_events", "record_sale", ("delivered",)),
    Subscription("driver_events", "wake_dispatch", ("online", "offer_ended", "free")),
)
