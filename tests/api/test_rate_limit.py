"""How often each caller may call in a minute, over all instances together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.api.rate_limit import RateLimiter
from functions.errors import PermanentError, RateLimited, RetryableError, UpstreamError
from functions.models import UserRole
from infra.embedded.allowances import EmbeddedAllowanceStore
from infra.embedded.database import EmbeddedDatabase
from tests.api.caller import MEETINGS, USERS, Api
from tests.values import NOW

XOMA, EVA = "xoma@clinica.com", "eva@home.example"
ME = f"{USERS}me/"


class Allowances:
    """The embedded store; records what it is asked, and raises an error where one is set."""

    def __init__(self) -> None:
        self._kept = EmbeddedAllowanceStore(EmbeddedDatabase())
        self.taken: list[tuple[str, int, datetime]] = []
        self.error: UpstreamError | None = None

    def take(self, caller_id: str, window: str, count: int, expires_at: datetime) -> int:
        self.taken.append((caller_id, count, expires_at))
        if self.error is not None:
            raise self.error
        return self._kept.take(caller_id, window, count, expires_at)


class Minute:
    """Instances that share a store and a clock."""

    def __init__(self, limit: int | None, instances: int = 1) -> None:
        self.time = NOW
        self.store = Allowances()
        self.limiters = [
            RateLimiter(self.store, limit, lambda: self.time) for _ in range(instances)
        ]

    def admits(self, instance: int = 0, caller_id: str = "a") -> bool:
        try:
            self.limiters[instance].count(caller_id)
        except RateLimited:
            return False
        return True

    def admitted(self, tries: int, caller_id: str = "a") -> int:
        return sum(self.admits(caller_id=caller_id) for _ in range(tries))


class TestLimit:
    @pytest.mark.parametrize("limit", [1, 2, 9, 10, 11, 25, 100, 999])
    def test_so_many_are_admitted_and_no_more(self, limit: int) -> None:
        minute = Minute(limit)

        assert [minute.admits() for _ in range(limit + 5)] == [True] * limit + [False] * 5

    @given(limit=st.integers(1, 60), order=st.lists(st.integers(0, 1), max_size=80))
    def test_two_instances_together_admit_exactly_the_limit(
        self, limit: int, order: list[int]
    ) -> None:
        minute = Minute(limit, instances=2)

        by_turns = sum(minute.admits(instance) for instance in order)
        rest = sum(minute.admits(instance) for instance in (0, 1) for _ in range(limit + 1))

        assert by_turns <= limit
        assert by_turns + rest == limit

    @pytest.mark.parametrize("seconds", [60, 61, 119, 3600])
    def test_a_new_minute_is_a_new_allowance(self, seconds: int) -> None:
        minute = Minute(3)
        minute.admitted(5)

        minute.time += timedelta(seconds=seconds)

        assert minute.admitted(5) == 3

    def test_what_is_left_of_a_minute_is_lost_with_it(self) -> None:
        minute = Minute(30)
        minute.admitted(1)

        minute.time += timedelta(minutes=1)

        assert minute.admitted(40) == 30

    def test_the_minute_is_the_clocks(self) -> None:
        minute = Minute(3)
        minute.time += timedelta(seconds=59.9)
        first = minute.admitted(5)

        minute.time += timedelta(seconds=0.1)

        assert (first, minute.admitted(5)) == (3, 3)

    def test_each_caller_has_his_own(self) -> None:
        minute = Minute(3)

        admitted = [minute.admitted(5, caller_id) for caller_id in ("a", "b", "a")]

        assert admitted == [3, 3, 0]

    @pytest.mark.parametrize(
        ("seconds", "rest"), [(0, 60), (0.001, 60), (17.5, 43), (59, 1), (59.999, 1)]
    )
    def test_it_says_how_long_the_minute_lasts(self, seconds: float, rest: int) -> None:
        minute = Minute(1)
        minute.time += timedelta(seconds=seconds)
        minute.admits()

        with pytest.raises(RateLimited) as raised:
            minute.limiters[0].count("a")

        assert raised.value.retry_after_seconds == rest


class TestStore:
    def test_it_is_asked_for_a_tenth_at_once(self) -> None:
        minute = Minute(100)

        minute.admitted(21)

        assert minute.store.taken == [("a", 10, NOW + timedelta(minutes=2))] * 3

    def test_it_is_asked_no_more_once_the_allowance_is_used_up(self) -> None:
        minute = Minute(10)
        minute.admitted(11)
        asked = len(minute.store.taken)

        minute.admitted(50)

        assert len(minute.store.taken) == asked

    def test_without_a_limit_it_is_never_asked(self) -> None:
        minute = Minute(None)

        assert minute.admitted(50) == 50
        assert minute.store.taken == []

    @pytest.mark.parametrize("kind", [RetryableError, PermanentError])
    def test_where_it_fails_callers_are_let_through(self, kind: type[UpstreamError]) -> None:
        minute = Minute(3)
        minute.store.error = kind("store_unavailable", "away")

        assert minute.admitted(50) == 50

    def test_back_again_it_counts(self) -> None:
        minute = Minute(3)
        minute.store.error = RetryableError("store_unavailable", "away")
        minute.admitted(50)

        minute.store.error = None

        assert minute.admitted(50) == 3


class TestApi:
    def limited(self, api: Api, limit: int) -> None:
        api.identify(UserRole.ADMIN, EVA)
        api.identify(UserRole.SERVICE, XOMA)
        api.rate_limit = limit

    def test_whoever_calls_too_often_is_told_when_to_come_back(self, api: Api) -> None:
        self.limited(api, 2)
        api.time += timedelta(seconds=17.5)

        answers = [api.get(MEETINGS) for _ in range(3)]

        assert [answer.status for answer in answers] == [200, 200, 429]
        assert answers[2].json["code"] == "rate_limited"
        assert answers[2].headers["Retry-After"] == "43"
        api.time += timedelta(seconds=43)
        assert api.get(MEETINGS).status == 200

    def test_nothing_is_done_for_him(self, api: Api) -> None:
        self.limited(api, 1)
        api.get(MEETINGS)
        api.store.asked.clear()

        assert api.post({}).status == 429
        assert api.store.asked == []

    def test_others_go_on(self, api: Api) -> None:
        self.limited(api, 1)
        statuses = [api.get(ME).status, api.get(ME).status]

        api.email = EVA

        assert [*statuses, api.get(ME).status] == [200, 429, 200]

    def test_what_is_refused_counts_too(self, api: Api) -> None:
        self.limited(api, 2)

        statuses = [api.get(USERS).status for _ in range(3)]

        assert statuses == [403, 403, 429]

    def test_who_is_not_known_is_counted_by_its_address(self, api: Api) -> None:
        self.limited(api, 2)
        api.email = "nobody@home.example"

        statuses = [api.get(ME).status for _ in range(3)]

        assert statuses == [403, 403, 429]

    @pytest.mark.parametrize("email", [None, "no-address"])
    def test_who_proves_nothing_costs_no_count(self, api: Api, email: str | None) -> None:
        self.limited(api, 1)
        api.email = email

        statuses = {api.get(ME).status for _ in range(3)}

        assert statuses == {401}
        assert api.store.database.allowances == {}

    def test_what_needs_no_token_is_not_limited(self, api: Api) -> None:
        self.limited(api, 1)

        assert {api.get("/api/v1/health/").status for _ in range(3)} == {200}


class TestASlowStore:
    def test_makes_nobody_wait_for_another_callers_count(self) -> None:
        minute = Minute(100)
        is_asked, may_answer = threading.Event(), threading.Event()

        def take(caller_id: str, *more: Any) -> int:
            if caller_id == "slow":
                is_asked.set()
                assert may_answer.wait(20)
            return minute.store.take(caller_id, *more)

        limiter = RateLimiter(SlowAllowances(take), 100, lambda: minute.time)
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(limiter.count, "slow")
            assert is_asked.wait(20)

            limiter.count("quick")

            assert not slow.done()
            may_answer.set()
            slow.result(20)


@dataclass(frozen=True)
class SlowAllowances:
    take: Callable[..., int]
