"""Who may call, what each caller sees, and what was asked for with a key."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.api.stateful.meeting import Meeting, fits
from tests.api.stateful.verdicts import FORBIDDEN, LAST_ADMIN, NO_USER, UNKNOWN_CALLER, Act, Verdict

KEYS_ARE_KEPT_FOR = timedelta(hours=24)


def user_id(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


@dataclass
class Kept:
    request: Any
    status: int
    body: Any
    until: datetime


@dataclass
class Callers:
    time: datetime
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    keys: dict[tuple[str, str], Kept] = field(default_factory=dict)

    def judge(
        self, by: str, roles: frozenset[str], act: Act, answer: Any, key: str | None, asked: Any
    ) -> Verdict:
        user = self.users.get(by)
        if user is None or not user["active"]:
            return UNKNOWN_CALLER
        if user["role"] not in roles:
            return FORBIDDEN
        kept = self.keys.get((by, key)) if key else None
        if kept is not None and kept.until > self.time:
            if kept.request != asked:
                return Verdict(422, "idempotency_key_reused")
            return Verdict(kept.status, replays=kept.body, is_replay=True)
        verdict = act(answer)
        if key and verdict.status < 400:
            until = self.time + KEYS_ARE_KEPT_FOR
            self.keys[by, key] = Kept(asked, verdict.status, answer, until)
        return verdict

    def is_external(self, by: str) -> bool:
        return bool(self.users[by]["role"] == "external")

    def seen(self, by: str, meeting_id: str) -> Meeting | None:
        meeting = self.meetings.get(meeting_id)
        if meeting is None or (self.is_external(by) and by not in meeting.emails):
            return None
        return meeting

    def as_guest(self, by: str, meeting: Meeting) -> str | None:
        """The caller's address, where it is a guest without a right to more."""
        is_guest = self.is_external(by) and meeting.values["organizer_email"] != by
        return by if is_guest else None

    def active_admins(self) -> list[str]:
        return [
            email
            for email, user in self.users.items()
            if user["active"] and user["role"] == "admin"
        ]

    def found(self, by: str, filters: Mapping[str, Any]) -> list[Meeting] | None:
        """The meetings that the caller sees of what it asks for; None where it may not ask."""
        start, end = filters.get("scheduled_from"), filters.get("scheduled_to")
        if start and end and end < start:
            return None
        asks_for_another = filters.get("participant_email", by) != by
        if self.is_external(by) and asks_for_another and filters.get("organizer_email") != by:
            return None
        return [m for m in self.meetings.values() if self.seen(by, m.id) and fits(m, filters)]

    def create_user(self, email: str, role: str) -> Verdict:
        if email in self.users:
            return Verdict(409, "user_exists", {"existing_id": user_id(email)})
        self.users[email] = {"role": role, "active": True}
        return Verdict(201, body={"email": email, **self.users[email]})

    def change_user(self, email: str, patch: Mapping[str, Any] | None) -> Verdict:
        """Change or, where the patch is None, delete a user."""
        if email not in self.users:
            return NO_USER
        changed = {**self.users[email], **(patch or {})}
        stays_admin = patch is not None and changed["active"] and changed["role"] == "admin"
        if self.active_admins() == [email] and not stays_admin:
            return LAST_ADMIN
        if patch is None:
            del self.users[email]
            return Verdict(204)
        self.users[email] = changed
        return Verdict(200, body={"email": email, **changed})
