"""What each caller finds in the listings, also while rows come and go."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.api.caller import MEETINGS, PARTICIPANTS, RECORDINGS
from tests.api.stateful.asking import within
from tests.api.stateful.meetings_rules import MeetingRules
from tests.api.stateful.strategies import EMAILS, FILTERS, ORDERINGS, PICKS, READERS, SIZES, STATES
from tests.api.stateful.verdicts import EVERYBODY, NO_MEETING, Verdict
from tests.values import GUEST, ORGANIZER


class ListingRules(MeetingRules):
    @rule(by=READERS, asked=FILTERS, ordering=ORDERINGS, size=SIZES)
    def list_meetings(
        self, by: str, asked: dict[str, Any], ordering: str | None, size: int
    ) -> None:
        filters = self.filters(asked)
        query = {**filters, **({"ordering": ordering} if ordering else {})}
        fitting = self.world.found(by, filters) if by in self.world.users else None
        found = self.walk(by, MEETINGS, query, size, EVERYBODY, lambda: fitting is not None)
        if found is None or fitting is None:
            return
        by_id = {meeting.id: meeting for meeting in fitting}
        assert sorted(meeting["id"] for meeting in found) == sorted(by_id)
        for meeting in found:
            fits = by_id[meeting["id"]]
            assert within(fits.view(self.world.as_guest(by, fits)), meeting)
        field = (ordering or "-created_at").removeprefix("-")
        values = [meeting[field] for meeting in found]
        assert values == sorted(values, reverse=(ordering or "-created_at").startswith("-"))

    def filters(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Let instants be those at which meetings start."""
        starts = [meeting.values["scheduled_start"] for meeting in self.world.meetings.values()]
        return {
            name: starts[value % len(starts)] if name.startswith("scheduled") else value
            for name, value in asked.items()
            if starts or not name.startswith("scheduled")
        }

    @rule(ordering=ORDERINGS, size=st.sampled_from([1, 2]), changes=st.lists(PICKS, max_size=4))
    def list_meetings_that_change(
        self, ordering: str | None, size: int, changes: list[int]
    ) -> None:
        """While rows come and go a walk shows each that stays once, and none twice."""
        by = self.world.active_admins()[0]
        query: dict[str, Any] = {"status": ["CREATED", "SCHEDULED"]}
        before = {m.id for m in self.world.found(by, query) or ()}
        left = list(changes)

        def meanwhile() -> None:
            if left and left[-1] % 2:
                self.cancel(by, left.pop(), None, None, None)
            elif left:
                body = {"external_reference": None, "summary": "Appointment", "lasts": 1}
                people = {"organizer_email": ORGANIZER, "invited_emails": [GUEST]}
                self.create(by, {**body, **people, "hour": left.pop()}, None, False)

        if ordering:
            query["ordering"] = ordering
        found = self.walk(by, MEETINGS, query, size, EVERYBODY, lambda: True, meanwhile=meanwhile)
        ids = [meeting["id"] for meeting in found or ()]
        after = {m.id for m in self.world.found(by, {"status": query["status"]}) or ()}
        assert len(set(ids)) == len(ids)
        assert before & after <= set(ids)

    @rule(
        by=READERS,
        email=st.none() | EMAILS,
        role=st.sampled_from([None, "guest", "organizer"]),
        pick=st.none() | PICKS,
        size=SIZES,
    )
    def list_participants(
        self, by: str, email: str | None, role: str | None, pick: int | None, size: int
    ) -> None:
        given = {"email": email, "role": role, "meeting": None if pick is None else self.pick(pick)}
        query = {name: value for name, value in given.items() if value is not None}
        is_known = by in self.world.users
        meetings = [
            m for m in self.world.meetings.values() if is_known and self.world.seen(by, m.id)
        ]
        no = Verdict(400, "invalid_request")
        may_ask = True
        if pick is not None:
            meetings = [meeting for meeting in meetings if meeting.id == given["meeting"]]
            may_ask, no = bool(meetings), NO_MEETING
        elif is_known and self.world.is_external(by) and role != "organizer":
            may_ask = email in (None, by)
        found = self.walk(by, PARTICIPANTS, query, size, EVERYBODY, lambda: may_ask, no)
        if found is not None:
            assert sorted(p["id"] for p in found) == sorted(
                person["id"]
                for meeting in meetings
                for person in meeting.people_seen(self.world.as_guest(by, meeting)).values()
                if email in (None, person["email"]) and role in (None, person["role"])
            )
            self.newest_meetings_first(found)

    @rule(by=READERS, state=st.none() | STATES, size=SIZES)
    def list_recordings(self, by: str, state: str | None, size: int) -> None:
        query = {"state": state} if state else {}
        found = self.walk(by, RECORDINGS, query, size, EVERYBODY, lambda: True)
        if found is not None:
            assert sorted(recording["id"] for recording in found) == sorted(
                id
                for meeting in self.world.meetings.values()
                for id, recording in meeting.recordings.items()
                if self.world.seen(by, meeting.id) and state in (None, recording["state"])
            )
            self.newest_meetings_first(found)

    def newest_meetings_first(self, parts: list[Any]) -> None:
        made = [self.world.meetings[part["meeting"]].created_at for part in parts]
        assert made == sorted(made, reverse=True)
