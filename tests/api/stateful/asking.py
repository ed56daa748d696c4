"""How a request is made and held against the model."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from functions.models import UserRole
from tests.api.caller import Answer, Api, content
from tests.api.contract import Contract
from tests.api.stateful.meeting import Meeting
from tests.api.stateful.model import World
from tests.api.stateful.strategies import BEGINNING, NOWHERE
from tests.api.stateful.verdicts import INVALID, Act, Verdict
from tests.values import NOW


def within(expected: Any, actual: Any) -> bool:
    """Whether what is expected is there; more may be."""
    if isinstance(expected, Mapping):
        return isinstance(actual, Mapping) and all(
            name in actual and within(value, actual[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return len(expected) == len(actual) and all(map(within, expected, actual))
    return bool(expected == actual)


class Asking(RuleBasedStateMachine):
    def __init__(self, contract: Contract) -> None:
        super().__init__()
        self.api = Api(contract)
        self.world = World(NOW)
        self.tasks: list[str] = []
        self.api.queue.deliver = self.tasks.append
        self.keyed: list[Callable[[], Answer]] = []
        self.tags: dict[str, list[tuple[str, Any]]] = {}
        for email, role in BEGINNING.items():
            self.api.identify(UserRole(role), email)
            self.world.users[email] = {"role": role, "active": True}

    def ask(
        self,
        by: str,
        method: str,
        path: str,
        roles: frozenset[str],
        act: Act,
        *,
        body: Any = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        self.api.email = by
        sent = {**(headers or {}), "Prefer": "respond-async"}
        if key is not None:
            sent["Idempotency-Key"] = key
            self.keyed.append(
                lambda: self.ask(by, method, path, roles, act, body=body, key=key, headers=headers)
            )
        answer = self.api.send(
            method, path, headers=sent, **({} if body is None else content(body))
        )
        url = urlsplit(path)
        asked = (method, url.path, body or {})
        verdict = self.world.judge(by, roles, act, answer.json, key, asked)
        assert answer.status == verdict.status, (answer.json, verdict)
        assert (answer.json or {}).get("code") == verdict.code
        assert within(verdict.body, answer.json or {}), (verdict.body, answer.json)
        assert ("Idempotency-Replayed" in answer.headers) == verdict.is_replay
        if verdict.is_replay:
            assert answer.json == verdict.replays
        return answer

    def walk(
        self,
        by: str,
        path: str,
        query: Mapping[str, Any],
        size: int,
        roles: frozenset[str],
        may_ask: Callable[[], bool],
        no: Verdict = INVALID,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> list[Any] | None:
        """Every result to the end of the listing; None where the caller is refused."""
        found: list[Any] = []
        address: Any = path
        parameters: Any = {**query, "page_size": size}
        while address is not None:
            self.api.email = by
            answer = self.api.get(address, query_string=parameters)
            verdict = self.world.judge(
                by, roles, lambda _: Verdict(200) if may_ask() else no, answer.json, None, None
            )
            assert (answer.status, (answer.json or {}).get("code")) == (
                verdict.status,
                verdict.code,
            )
            if answer.status != 200:
                return None
            assert len(answer.json["results"]) <= size
            assert answer.json["next"] != address
            found += answer.json["results"]
            following = answer.json["next"]
            address, parameters = following, None
            meanwhile()
        return found

    def remember_tag(self, thing: str, answer: Answer, state: Any) -> None:
        if "ETag" in answer.headers:
            self.tags.setdefault(thing, []).append((answer.headers["ETag"], state))

    def condition(self, thing: str, pick: int | None) -> tuple[dict[str, str], Any]:
        """A tag seen earlier, as If-Match, and what was seen with it."""
        tags = self.tags.get(thing)
        if pick is None or not tags:
            return {}, None
        tag, state = tags[-1 - pick % len(tags)]
        return {"If-Match": tag}, state

    def pick(self, number: int) -> str:
        """A meeting's id; now and then one that is no meeting's."""
        ids = [*self.world.meetings, NOWHERE] if number == 7 else list(self.world.meetings)
        return ids[-1 - number % len(ids)] if ids else NOWHERE

    def part(
        self, meeting_id: str, parts: Callable[[Meeting], Mapping[str, Any]], number: int
    ) -> str:
        meeting = self.world.meetings.get(meeting_id)
        ids = list(parts(meeting) if meeting and number < 7 else ())
        return ids[number % len(ids)] if ids else NOWHERE

    @rule(seconds=st.sampled_from([1, 60, 3600, 3 * 3600, 24 * 3600]))
    def pass_time(self, seconds: int) -> None:
        self.world.time += timedelta(seconds=seconds)
        self.api.time = self.world.time
