"""Which settings a queue may have, and what Google picks where nothing is set."""

import math

from google.cloud.tasks_v2.types import Queue, RetryConfig

from infra.local.cloud_tasks.refusal import invalid_argument, unimplemented
from infra.local.cloud_tasks.retry import UNLIMITED_ATTEMPTS, RetryLimits

DEFAULT_DISPATCHES_PER_SECOND = 500.0
DEFAULT_CONCURRENT_DISPATCHES = 1000
DEFAULT_ATTEMPTS = 100
DEFAULT_MIN_BACKOFF_MILLISECONDS = 100
DEFAULT_MAX_BACKOFF_SECONDS = 3600
DEFAULT_DOUBLINGS = 16

MAX_DISPATCHES_PER_SECOND = 500
MAX_CONCURRENT_DISPATCHES = 5000
"""https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues#RateLimits"""

LOWEST_BURST = 10
HIGHEST_BURST = 100
"""Google derives the burst from the rate without saying how; queues that it describes show 10 at
one dispatch per second and 100 at 500."""


def complete(queue: Queue) -> Queue:
    """Return a copy of `queue` with Google's defaults in place of what is not set.

    Raises:
        Refusal: a setting is out of bounds, or the stand-in does not have it.
    """
    message = Queue.pb(Queue(queue))
    if message.HasField("http_target"):
        raise unimplemented("The stand-in has no queue-level http_target; set it on each task.")
    if message.HasField("app_engine_routing_override"):
        raise unimplemented("The stand-in has no App Engine targets.")

    rate = message.rate_limits
    rate.max_dispatches_per_second = rate.max_dispatches_per_second or DEFAULT_DISPATCHES_PER_SECOND
    rate.max_concurrent_dispatches = rate.max_concurrent_dispatches or DEFAULT_CONCURRENT_DISPATCHES
    if not 0 < rate.max_dispatches_per_second <= MAX_DISPATCHES_PER_SECOND:
        raise invalid_argument(
            f"max_dispatches_per_second must be above 0 and at most"
            f" {MAX_DISPATCHES_PER_SECOND}, found {rate.max_dispatches_per_second}."
        )
    if not 0 < rate.max_concurrent_dispatches <= MAX_CONCURRENT_DISPATCHES:
        raise invalid_argument(
            f"max_concurrent_dispatches must be between 1 and {MAX_CONCURRENT_DISPATCHES},"
            f" found {rate.max_concurrent_dispatches}."
        )
    burst = math.ceil(rate.max_dispatches_per_second)
    rate.max_burst_size = min(max(burst, LOWEST_BURST), HIGHEST_BURST)

    completed: Queue = Queue.wrap(message)
    completed.retry_config = complete_retry(completed.retry_config)
    return completed


def complete_retry(retry_config: RetryConfig) -> RetryConfig:
    """Return a copy of `retry_config` with Google's defaults in place of what is not set."""
    message = RetryConfig.pb(RetryConfig(retry_config))
    message.max_attempts = message.max_attempts or DEFAULT_ATTEMPTS
    message.max_doublings = message.max_doublings or DEFAULT_DOUBLINGS
    if not message.HasField("min_backoff"):
        message.min_backoff.FromMilliseconds(DEFAULT_MIN_BACKOFF_MILLISECONDS)
    if not message.HasField("max_backoff"):
        message.max_backoff.FromSeconds(DEFAULT_MAX_BACKOFF_SECONDS)
    completed: RetryConfig = RetryConfig.wrap(message)
    limits = retry_limits(completed)
    if limits.max_attempts < UNLIMITED_ATTEMPTS:
        raise invalid_argument(
            f"max_attempts must be at least {UNLIMITED_ATTEMPTS}, found {limits.max_attempts}."
        )
    if limits.max_doublings < 0 or limits.max_retry_duration_seconds < 0:
        raise invalid_argument("max_doublings and max_retry_duration must not be negative.")
    if not 0 <= limits.min_backoff_seconds <= limits.max_backoff_seconds:
        raise invalid_argument(
            f"min_backoff must be between 0 s and max_backoff, found {limits.min_backoff_seconds} s"
            f" and a max_backoff of {limits.max_backoff_seconds} s."
        )
    return completed


def retry_limits(retry_config: RetryConfig) -> RetryLimits:
    """Return a complete `retry_config` as plain numbers."""
    message = RetryConfig.pb(retry_config)
    return RetryLimits(
        max_attempts=message.max_attempts,
        max_retry_duration_seconds=message.max_retry_duration.ToNanoseconds() / 1e9,
        min_backoff_seconds=message.min_backoff.ToNanoseconds() / 1e9,
        max_backoff_seconds=message.max_backoff.ToNanoseconds() / 1e9,
        max_doublings=message.max_doublings,
    )
