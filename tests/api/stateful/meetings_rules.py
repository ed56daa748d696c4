"""Whoever makes, changes and cancels meetings, one or several at once."""

from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.api.caller import BATCH_CANCEL, BATCH_CREATE, MEETINGS
from tests.api.stateful.asking import Asking
from tests.api.stateful.meeting import text
from tests.api.stateful.strategies import (
    BODIES,
    CALLERS,
    DRY,
    KEYS,
    MATCHES,
    PATCHED,
    PATCHES,
    PICKS,
    REFERENCES,
    SUMMARIES,
)
from tests.api.stateful.verdicts import STAFF, Act, Verdict


def done(verdict: Verdict) -> dict[str, Any]:
    """What is told of one of several."""
    if verdict.status < 400:
        return {"status": verdict.status, "meeting": verdict.body}
    return {"status": verdict.status, "problem": {"code": verdict.code, **verdict.body}}


class MeetingRules(Asking):
    @rule(by=CALLERS, wanted=BODIES, key=KEYS, dry=DRY)
    def create(self, by: str, wanted: dict[str, Any], key: str | None, dry: bool) -> None:
        body = self.body(**wanted)
        path = f"{MEETINGS}?validate_only=true" if dry else MEETINGS
        self.ask(
            by,
            "POST",
            path,
            STAFF,
            lambda answer: self.world.create(by, body, dry, answer),
            body=body,
            key=None if dry else key,
        )

    @rule(by=CALLERS, pick=PICKS, other=st.none() | SUMMARIES, key=KEYS)
    def create_the_same(self, by: str, pick: int, other: str | None, key: str | None) -> None:
        meeting = self.world.meetings.get(self.pick(pick))
        if meeting is not None:
            guests = [p["email"] for p in meeting.people.values() if p["role"] == "guest"]
            body = {**meeting.values, "invited_emails": guests[::-1]}
            body["summary"] = other or body["summary"]
            self.ask(
                by,
                "POST",
                MEETINGS,
                STAFF,
                lambda answer: self.world.create(by, body, False, answer),
                body=body,
                key=key,
            )

    @rule(by=CALLERS, pick=PICKS, patch=PATCHES, key=KEYS, dry=DRY, match=MATCHES)
    def change(
        self,
        by: str,
        pick: int,
        patch: dict[str, Any],
        key: str | None,
        dry: bool,
        match: int | None,
    ) -> None:
        meeting_id = self.pick(pick)
        sent = {name: value for name, value in patch.items() if name in PATCHED}
        if "hour" in patch:
            start = self.world.time + timedelta(hours=patch["hour"])
            sent["scheduled_start"] = text(start)
            if "keeps_end" not in patch:
                sent["scheduled_end"] = text(start + timedelta(hours=1))
        headers, revision = self.condition(meeting_id, match)
        answer = self.ask(
            by,
            "PATCH",
            f"{MEETINGS}{meeting_id}/" + ("?validate_only=true" if dry else ""),
            STAFF,
            lambda _: self.world.change(by, meeting_id, sent, revision, dry),
            body=sent,
            key=None if dry else key,
            headers=headers,
        )
        self.remember_tag(meeting_id, answer, (answer.json or {}).get("revision"))

    @rule(by=CALLERS, pick=PICKS, reference=REFERENCES)
    def change_reference(self, by: str, pick: int, reference: str | None) -> None:
        self.change(by, pick, {"external_reference": reference}, None, False, None)

    @rule(
        by=CALLERS,
        pick=PICKS,
        reason=st.sampled_from([None, "Ill."]),
        key=KEYS,
        match=MATCHES,
    )
    def cancel(
        self, by: str, pick: int, reason: str | None, key: str | None, match: int | None
    ) -> None:
        meeting_id = self.pick(pick)
        headers, revision = self.condition(meeting_id, match)
        self.ask(
            by,
            "DELETE",
            f"{MEETINGS}{meeting_id}/",
            STAFF,
            lambda _: self.world.cancel(by, meeting_id, reason, revision),
            body={"reason": reason} if reason else None,
            key=key,
            headers=headers,
        )

    @rule(by=CALLERS, pick=PICKS, key=KEYS)
    def retry(self, by: str, pick: int, key: str | None) -> None:
        # A later second: what was due at the same moment has the same task.
        self.pass_time(1)
        meeting_id = self.pick(pick)
        path = f"{MEETINGS}{meeting_id}/retry/"
        self.ask(by, "POST", path, STAFF, lambda _: self.world.retry(by, meeting_id), key=key)

    @precondition(lambda self: self.failed())
    @rule(by=CALLERS, key=KEYS)
    def retry_what_failed(self, by: str, key: str | None) -> None:
        self.retry(by, list(self.world.meetings)[::-1].index(self.failed()[0]), key)

    def failed(self) -> list[str]:
        return [m.id for m in self.world.meetings.values() if m.calendar == "FAILED"]

    @rule(by=CALLERS, several=st.lists(BODIES, min_size=1, max_size=3), key=KEYS)
    def create_several(self, by: str, several: list[dict[str, Any]], key: str | None) -> None:
        bodies = [self.body(**wanted) for wanted in several]

        def act(answer: Any) -> Verdict:
            return self.each(
                answer, [partial(self.world.create, by, body, False) for body in bodies]
            )

        self.ask(by, "POST", BATCH_CREATE, STAFF, act, body={"meetings": bodies}, key=key)

    @rule(by=CALLERS, picks=st.lists(PICKS, min_size=1, max_size=3), key=KEYS)
    def cancel_several(self, by: str, picks: list[int], key: str | None) -> None:
        ids = [self.pick(pick) for pick in picks]

        def act(answer: Any) -> Verdict:
            cancel = partial(self.world.cancel, by)
            return Verdict(200, body={"results": [done(cancel(one, "Ill.")) for one in ids]})

        self.ask(by, "POST", BATCH_CANCEL, STAFF, act, body={"ids": ids, "reason": "Ill."}, key=key)

    def each(self, answer: Any, acts: list[Act]) -> Verdict:
        pairs = zip(acts, answer["results"], strict=True)
        return Verdict(200, body={"results": [done(act(one["meeting"])) for act, one in pairs]})

    def body(self, organizer_email: str, hour: int, lasts: int, **values: Any) -> dict[str, Any]:
        start = self.world.time + timedelta(hours=hour)
        return {
            "organizer_email": organizer_email,
            "scheduled_start": text(start),
            "scheduled_end": text(start + timedelta(hours=lasts)),
            "notify": "all",
            **values,
        }
