"""What an external caller sees: the meetings it takes part in, and no trace of any other."""

from typing import Any

import pytest

from functions.models import (
    Meeting,
    UserRole,
    new_id,
)
from tests.api.accounts import BOSS
from tests.api.caller import MEETINGS, PARTICIPANTS, RECORDINGS, Answer, Api, faults
from tests.api.callers.external import ANA, LEO, ME, a_meeting_of


def reads(meeting_id: str, meeting: Meeting) -> list[str]:
    """Return every URL that shows something of one meeting."""
    url = f"{MEETINGS}{meeting_id}/"
    return [
        url,
        f"{url}participants/",
        f"{url}participants/{meeting.participants[0].id}/",
        f"{url}recording/",
        f"{url}recordings/",
        f"{url}recordings/{meeting.recordings[0].id}/",
        f"{PARTICIPANTS}?meeting={meeting_id}",
        f"{PARTICIPANTS}?meeting={meeting_id}&email={ME}",
        f"{RECORDINGS}?meeting={meeting_id}",
        f"{RECORDINGS}?meeting={meeting_id}&state=AVAILABLE",
    ]


@pytest.fixture
def external(api: Api) -> Api:
    """The API as an external caller calls it."""
    api.identify(UserRole.ADMIN, BOSS)
    api.identify(UserRole.EXTERNAL, ME)
    return api


class TestOneMeeting:
    @pytest.mark.parametrize(("organizer", "guest"), [(ANA, ME), (ME, LEO)])
    def test_ones_own_is_shown_whole(self, external: Api, organizer: str, guest: str) -> None:
        meeting = a_meeting_of(external, organizer, guest)
        as_external = [external.get(url) for url in reads(meeting.id, meeting)]

        external.email = BOSS
        as_admin = [external.get(url) for url in reads(meeting.id, meeting)]

        assert {answer.status for answer in as_external} == {200}
        assert [answer.json for answer in as_external] == [answer.json for answer in as_admin]

    def test_anothers_looks_like_none(self, external: Api) -> None:
        meeting = a_meeting_of(external, ANA, LEO)

        def seen(answer: Answer) -> Any:
            body = {k: v for k, v in answer.json.items() if k not in ("request_id", "instance")}
            headers = {k: v for k, v in answer.headers.items() if k != "X-Request-Id"}
            return answer.status, headers, list(body.items())

        anothers = [seen(external.get(url)) for url in reads(meeting.id, meeting)]
        none = [seen(external.get(url)) for url in reads(new_id(), meeting)]

        assert anothers == none
        assert {status for status, _, _ in anothers} == {404}

    def test_whoever_is_taken_off_sees_it_no_more(self, external: Api) -> None:
        meeting = a_meeting_of(external, ANA, ME)
        before = external.get(f"{MEETINGS}{meeting.id}/")

        external.email = BOSS
        external.send(
            "DELETE", f"{MEETINGS}{meeting.id}/participants/{meeting.participants[1].id}/"
        )
        external.email = ME

        assert before.status == 200
        assert {external.get(url).status for url in reads(meeting.id, meeting)} == {404}
        for listing in (MEETINGS, PARTICIPANTS, RECORDINGS):
            assert external.get(listing).json == {"results": [], "next": None}

    def test_whoever_is_invited_sees_it_from_then_on(self, external: Api) -> None:
        meeting = a_meeting_of(external, ANA)
        external.email = BOSS
        external.send("POST", f"{MEETINGS}{meeting.id}/participants/", json={"email": ME})
        external.email = ME

        assert external.get(f"{MEETINGS}{meeting.id}/").status == 200
        assert [m["id"] for m in external.get(MEETINGS).json["results"]] == [meeting.id]

    def test_its_journal_and_the_users_are_not_shown(self, external: Api) -> None:
        meeting = a_meeting_of(external, ANA, ME)

        for url in (
            f"{MEETINGS}{meeting.id}/timeline/",
            "/api/v1/users/",
            f"{MEETINGS}x/timeline/",
        ):
            answer = external.get(url)
            assert (answer.status, answer.json["code"]) == (403, "forbidden")


class TestOutOfSight:
    @pytest.mark.parametrize(
        ("listing", "query", "parameter"),
        [
            (MEETINGS, f"participant_email={LEO}", "participant_email"),
            (MEETINGS, f"participant_email={LEO}&organizer_email={ANA}", "participant_email"),
            (MEETINGS, f"participant_email={LEO}&status=CREATED", "participant_email"),
            (PARTICIPANTS, f"email={LEO}", "email"),
            (PARTICIPANTS, f"email={LEO}&role=guest", "email"),
        ],
    )
    def test_what_one_query_cannot_find_out_is_refused(
        self, external: Api, listing: str, query: str, parameter: str
    ) -> None:
        a_meeting_of(external, ANA, ME, LEO)

        answer = external.get(f"{listing}?{query}")

        assert faults(answer) == [(parameter, "out_of_sight")]
        assert external.store.asked == []

    @pytest.mark.parametrize(
        ("listing", "query"),
        [
            (MEETINGS, f"participant_email={LEO}&organizer_email={ME}"),
            (MEETINGS, f"participant_email={ME}&organizer_email={ME}"),
            (PARTICIPANTS, f"email={ME}"),
            (PARTICIPANTS, f"email={ME}&role=organizer"),
        ],
    )
    def test_ones_own_address_makes_it_known(self, external: Api, listing: str, query: str) -> None:
        a_meeting_of(external, LEO, ME)
        mine = a_meeting_of(external, ME, LEO)
        a_meeting_of(external, ANA, LEO)

        results = external.get(f"{listing}?{query}").json["results"]

        assert mine.id in {result.get("meeting", result["id"]) for result in results}

    @pytest.mark.parametrize("query", [f"participant_email={LEO}", f"organizer_email={ANA}"])
    def test_others_may_ask_for_anybody(self, external: Api, query: str) -> None:
        meeting = a_meeting_of(external, ANA, LEO)
        external.email = BOSS

        [found] = external.get(f"{MEETINGS}?{query}").json["results"]

        assert found["id"] == meeting.id

    def test_anothers_cursor_is_none(self, external: Api) -> None:
        a_meeting_of(external, ANA, ME)
        a_meeting_of(external, ANA, LEO)
        external.email = BOSS
        following = external.get(f"{MEETINGS}?page_size=1").json["next"]
        external.email = ME

        assert faults(external.get(following)) == [("cursor", "invalid_cursor")]
