"""Whoever adds, changes and removes participants and recordings."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.api.caller import MEETINGS
from tests.api.stateful.asking import Asking
from tests.api.stateful.strategies import (
    CALLERS,
    EMAILS,
    FILES,
    KEYS,
    KINDS,
    MATCHES,
    PICKS,
    STATES,
)
from tests.api.stateful.verdicts import STAFF


class PartRules(Asking):
    @rule(by=CALLERS, pick=PICKS, email=EMAILS, kind=KINDS, key=KEYS)
    def add_participant(
        self, by: str, pick: int, email: str, kind: str | None, key: str | None
    ) -> None:
        meeting_id = self.pick(pick)
        self.ask(
            by,
            "POST",
            f"{MEETINGS}{meeting_id}/participants/",
            STAFF,
            lambda answer: self.world.add(by, meeting_id, email, kind, answer),
            body={"email": email, "kind": kind},
            key=key,
        )

    @rule(
        by=CALLERS,
        pick=PICKS,
        person=PICKS,
        patch=st.none() | st.fixed_dictionaries({}, optional={"email": EMAILS, "kind": KINDS}),
        key=KEYS,
        match=MATCHES,
    )
    def change_participant(
        self,
        by: str,
        pick: int,
        person: int,
        patch: dict[str, Any] | None,
        key: str | None,
        match: int | None,
    ) -> None:
        meeting_id = self.pick(pick)
        person_id = self.part(meeting_id, lambda meeting: meeting.people, person)
        headers, seen = self.condition(person_id, match)
        answer = self.ask(
            by,
            "DELETE" if patch is None else "PATCH",
            f"{MEETINGS}{meeting_id}/participants/{person_id}/",
            STAFF,
            lambda _: self.world.change_person(by, meeting_id, person_id, patch, seen),
            body=patch,
            key=key,
            headers=headers,
        )
        if answer.status == 200:
            state = {name: answer.json[name] for name in ("id", "email", "role", "kind")}
            self.remember_tag(person_id, answer, state)

    @rule(by=CALLERS, pick=PICKS, person=PICKS, kind=KINDS)
    def change_kind(self, by: str, pick: int, person: int, kind: str | None) -> None:
        self.change_participant(by, pick, person, {"kind": kind}, None, None)

    @rule(by=CALLERS, pick=PICKS, file=FILES, state=STATES, key=KEYS)
    def register_recording(
        self, by: str, pick: int, file: str, state: str, key: str | None
    ) -> None:
        meeting_id = self.pick(pick)
        body = {"drive_file_id": file, "state": state}
        self.ask(
            by,
            "POST",
            f"{MEETINGS}{meeting_id}/recordings/",
            STAFF,
            lambda answer: self.world.register(by, meeting_id, body, answer),
            body=body,
            key=key,
        )

    @rule(by=CALLERS, pick=PICKS, recording=PICKS, state=st.none() | STATES, key=KEYS)
    def change_recording(
        self, by: str, pick: int, recording: int, state: str | None, key: str | None
    ) -> None:
        meeting_id = self.pick(pick)
        recording_id = self.part(meeting_id, lambda meeting: meeting.recordings, recording)
        patch = {"state": state} if state else None
        self.ask(
            by,
            "DELETE" if patch is None else "PATCH",
            f"{MEETINGS}{meeting_id}/recordings/{recording_id}/",
            STAFF,
            lambda _: self.world.change_recording(by, meeting_id, recording_id, patch),
            body=patch,
            key=key,
        )
