"""What each caller sees of one meeting."""

from typing import Any

from hypothesis.stateful import rule

from tests.api.caller import MEETINGS
from tests.api.stateful.asking import Asking
from tests.api.stateful.strategies import PICKS, READERS
from tests.api.stateful.verdicts import EVERYBODY, NO_MEETING, NO_PARTICIPANT, STAFF, Verdict


class ReadingRules(Asking):
    @rule(by=READERS, pick=PICKS)
    def read(self, by: str, pick: int) -> None:
        meeting_id = self.pick(pick)
        path = f"{MEETINGS}{meeting_id}/"

        def act(_: Any) -> Verdict:
            meeting = self.world.seen(by, meeting_id)
            if meeting is None:
                return NO_MEETING
            return Verdict(200, body=meeting.view(self.world.as_guest(by, meeting)))

        answer = self.ask(by, "GET", path, EVERYBODY, act)
        if answer.status == 200:
            assert (answer.json["meet_link"] is not None) == self.world.meetings[
                meeting_id
            ].has_link
            self.remember_tag(meeting_id, answer, answer.json["revision"])
            headers = {"If-None-Match": answer.headers["ETag"]}
            self.ask(by, "GET", path, EVERYBODY, lambda _: Verdict(304), headers=headers)

    @rule(by=READERS, pick=PICKS, person=PICKS)
    def read_participant(self, by: str, pick: int, person: int) -> None:
        meeting_id = self.pick(pick)
        person_id = self.part(meeting_id, lambda meeting: meeting.people, person)

        def act(_: Any) -> Verdict:
            meeting = self.world.seen(by, meeting_id)
            if meeting is None:
                return NO_MEETING
            found = meeting.people_seen(self.world.as_guest(by, meeting)).get(person_id)
            return Verdict(200, body=found) if found else NO_PARTICIPANT

        path = f"{MEETINGS}{meeting_id}/participants/{person_id}/"
        answer = self.ask(by, "GET", path, EVERYBODY, act)
        if answer.status == 200:
            self.remember_tag(person_id, answer, self.world.meetings[meeting_id].people[person_id])

    @rule(by=READERS, pick=PICKS)
    def read_newest_recording(self, by: str, pick: int) -> None:
        meeting_id = self.pick(pick)
        path = f"{MEETINGS}{meeting_id}/recording/"
        self.ask(by, "GET", path, EVERYBODY, lambda _: self.world.newest_recording(by, meeting_id))

    @rule(by=READERS, pick=PICKS)
    def read_timeline(self, by: str, pick: int) -> None:
        meeting_id = self.pick(pick)
        known = self.world.meetings.get(meeting_id)
        path = f"{MEETINGS}{meeting_id}/timeline/"
        entries = self.walk(by, path, {}, 3, STAFF, lambda: known is not None, NO_MEETING)
        if entries is not None and known is not None:
            assert [(entry["kind"], entry["by"]) for entry in entries] == known.journal
            assert [e["sequence"] for e in entries] == list(range(1, len(entries) + 1))
