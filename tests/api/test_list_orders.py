"""GET meetings/ in each order: what comes first, and walks while meetings come, go and move."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.api.caller import MEETINGS, Api
from tests.api.clinic import Clinic
from tests.api.reading import page, walk
from tests.values import NOW, a_meeting, put

ORDERINGS = ["created_at", "-created_at", "scheduled_start", "-scheduled_start"]


@pytest.fixture
def clinic(api: Api) -> Clinic:
    return Clinic(api)


def put_many(api: Api, number: int) -> list[str]:
    """Store meetings, three at each start and two at each time of making; returns their ids."""
    meetings = [
        a_meeting(
            created_at=NOW + timedelta(seconds=index // 2),
            scheduled_start=NOW + timedelta(days=1, hours=index % 5 // 2),
            scheduled_end=NOW + timedelta(days=2),
        )
        for index in range(number)
    ]
    for meeting in meetings:
        put(api.store.kept, meeting)
    return [meeting.id for meeting in meetings]


class TestOrder:
    @pytest.mark.parametrize(
        ("ordering", "expected"),
        [
            ("created_at", "new failed scheduled finished recorded cancelled"),
            ("-created_at", "cancelled recorded finished scheduled failed new"),
            ("scheduled_start", "failed finished recorded scheduled cancelled new"),
            ("-scheduled_start", "new cancelled scheduled recorded finished failed"),
        ],
    )
    @pytest.mark.parametrize("page_size", [1, 2, 4, 6, 100])
    def test_is_kept_over_pages_of_any_size(
        self, clinic: Clinic, ordering: str, expected: str, page_size: int
    ) -> None:
        walked = walk(clinic.api, f"{MEETINGS}?ordering={ordering}&page_size={page_size}")

        assert clinic.names(walked) == expected.split()

    @pytest.mark.parametrize("ordering", ORDERINGS)
    def test_of_equals_is_the_same_in_every_page_size(self, api: Api, ordering: str) -> None:
        ids = put_many(api, 13)
        whole = page(api, f"{MEETINGS}?ordering={ordering}&page_size=100")[0]

        for page_size in (1, 2, 3, 5):
            walked = walk(api, f"{MEETINGS}?ordering={ordering}&page_size={page_size}")

            assert walked == whole
        assert sorted(whole) == sorted(ids)

    @pytest.mark.parametrize("page_size", [6, 7])
    def test_a_last_page_that_is_full_has_no_next_one(self, clinic: Clinic, page_size: int) -> None:
        ids, following = page(clinic.api, f"{MEETINGS}?page_size={page_size}")

        assert len(ids) == 6
        assert following is None


class TestNext:
    def test_has_all_that_was_asked_and_the_cursor(self, clinic: Clinic) -> None:
        asked = [
            ("status", "FINISHED"),
            ("status", "SCHEDULED"),
            ("organizer_email", " ANA@clinica.com"),
            ("participant_email", "leo+1@correo.com"),
            ("scheduled_from", "2030-02-01T02:00:00+02:00"),
            ("scheduled_to", "2030-02-28T00:00:00Z"),
            ("calendar_state", "SYNCED"),
            ("ordering", "scheduled_start"),
            ("page_size", "1"),
        ]

        first = clinic.api.get(MEETINGS, query_string=asked)
        second = clinic.api.get(first.json["next"])

        *kept, (name, _) = parse_qsl(urlsplit(first.json["next"]).query)
        assert (kept, name) == (asked, "cursor")
        assert clinic.names([m["id"] for m in first.json["results"]]) == ["recorded"]
        assert clinic.names([m["id"] for m in second.json["results"]]) == ["scheduled"]
        assert second.json["next"] is None

    def test_goes_on_also_with_another_page_size(self, clinic: Clinic) -> None:
        ids, following = page(clinic.api, f"{MEETINGS}?page_size=1")

        rest, after = page(clinic.api, f"{following}".replace("page_size=1", "page_size=50"))

        assert clinic.names(ids) == ["cancelled"]
        assert clinic.names(rest) == ["recorded", "finished", "scheduled", "failed", "new"]
        assert after is None


@pytest.mark.parametrize("ordering", ORDERINGS)
class TestWalkWhileItChanges:
    def test_every_meeting_that_stays_is_shown_once(self, api: Api, ordering: str) -> None:
        ids = put_many(api, 24)
        url: str | None = f"{MEETINGS}?ordering={ordering}&page_size=3&status=CREATED"
        shown: list[str] = []
        gone: set[str] = set()

        while url is not None:
            found, url = page(api, url)
            shown += found
            put_many(api, 2)
            waiting = [meeting_id for meeting_id in ids if meeting_id not in {*shown, *gone}]
            for meeting_id in found[-1:] + waiting[:1]:
                api.delete(meeting_id)
                gone.add(meeting_id)

        assert len(set(shown)) == len(shown)
        assert set(ids) - gone <= set(shown)

    def test_one_that_is_moved_out_of_the_range_is_missed_alone(
        self, api: Api, ordering: str
    ) -> None:
        ids = put_many(api, 9)
        limit = (NOW + timedelta(days=3)).isoformat().replace("+00:00", "Z")
        query = f"ordering={ordering}&page_size=4&scheduled_to={limit}"
        first, following = page(api, f"{MEETINGS}?{query}")
        last_shown = first[-1]
        not_shown = next(meeting_id for meeting_id in ids if meeting_id not in first)

        for meeting_id in (last_shown, not_shown):
            moved = {
                "scheduled_start": "2030-01-09T09:00:00Z",
                "scheduled_end": "2030-01-09T10:00:00Z",
            }
            assert api.patch(meeting_id, moved).status == 200
        rest = walk(api, following)

        assert sorted(first + rest) == sorted(set(ids) - {not_shown})

    def test_one_that_is_only_renamed_keeps_its_place(self, api: Api, ordering: str) -> None:
        ids = put_many(api, 9)
        first, following = page(api, f"{MEETINGS}?ordering={ordering}&page_size=4")
        api.time = NOW + timedelta(minutes=1)

        for meeting_id in ids:
            assert api.patch(meeting_id, {"summary": "Other"}).status == 200
        rest = walk(api, following)

        assert sorted(first + rest) == sorted(ids)
