"""When a task is tried, and tried again: RetryConfig and RateLimits, without I/O.

Source: https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2#retryconfig and #ratelimits. The defaults are
those of `gcloud tasks queues create`: https://cloud.google.com/tasks/docs/configuring-queues.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

from google.cloud.tasks_v2.types import Queue, RateLimits, RetryConfig, Task

LARGEST_BURST = 100


def with_default_retries(config: RetryConfig, base: RetryConfig | None = None) -> RetryConfig:
    """The configuration with what it leaves open taken from the base, or from the service's defaults."""
    result = RetryConfig()
    RetryConfig.copy_from(result, config)
    base = base or RetryConfig(
        max_attempts=100, min_backoff=timedelta(milliseconds=100), max_backoff=timedelta(hours=1), max_doublings=16
    )
    for field in ("max_attempts", "max_retry_duration", "min_backoff", "max_backoff", "max_doublings"):
        if field not in result and field in base:
            setattr(result, field, getattr(base, field))
    return result


def with_default_rates(limits: RateLimits) -> RateLimits:
    """The limits with the service's defaults; the burst is one second's dispatches, from 1 to 100."""
    rate = limits.max_dispatches_per_second or 500.0
    return RateLimits(
        max_dispatches_per_second=rate,
        max_burst_size=max(1, min(LARGEST_BURST, math.ceil(rate))),
        max_concurrent_dispatches=limits.max_concurrent_dispatches or 1000,
    )


def retries_of(task: Task, queue: Queue) -> RetryConfig:
    """The task's own configuration comes before its queue's."""
    if "retry_config" in task:
        return with_default_retries(task.retry_config, queue.retry_config)
    return queue.retry_config


def backoff(config: RetryConfig, failures: int) -> timedelta:
    """The wait after the n-th failure: doubles max_doublings times, then grows by the last step, up to max_backoff."""
    doublings = config.max_doublings
    # Beyond 2^40 steps max_backoff has long been reached; the bound keeps the product a valid timedelta.
    steps = 2 ** min(failures - 1, doublings, 40) * max(1, failures - doublings)
    seconds = config.min_backoff.total_seconds() * steps
    return timedelta(seconds=min(seconds, config.max_backoff.total_seconds()))


def is_exhausted(config: RetryConfig, attempts: int, since_first: timedelta) -> bool:
    """Retries end when both limits are passed; a limit that is not set (-1 attempts, 0 seconds) does not count."""
    by_count, by_time = config.max_attempts > 0, config.max_retry_duration > timedelta(0)
    if not by_count and not by_time:
        return False
    return (not by_count or attempts >= config.max_attempts) and (
        not by_time or since_first >= config.max_retry_duration
    )


@dataclass(slots=True)
class Bucket:
    """A token bucket: https://en.wikipedia.org/wiki/Token_bucket. It starts full."""

    tokens: float
    filled_at: float

    def refill(self, limits: RateLimits, now: float) -> int:
        """Add what has flowed in since the last time; the whole tokens there are."""
        gained = max(0.0, now - self.filled_at) * limits.max_dispatches_per_second
        self.tokens = min(float(limits.max_burst_size), self.tokens + gained)
        self.filled_at = now
        return int(self.tokens + 1e-9)

    def take(self) -> None:
        """Use one token."""
        self.tokens = max(0.0, self.tokens - 1)
