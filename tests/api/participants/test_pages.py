"""participants/ and meetings/{id}/participants/: pages, and walks over what changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.models import Participant, Role
from tests.api.caller import PARTICIPANTS, Api
from tests.api.contract import Contract
from tests.api.participants.clinic import ANA, EVA, KIM, a_meeting_of
from tests.api.parts import people
from tests.api.reading import pages_of
from tests.values import a_meeting, put


def come(api: Api, meeting_id: str, number: int) -> None:
    """Let somebody take part, under an id of which hypothesis knows the place."""
    stored = api.store.kept.get(meeting_id)
    guest = Participant(id=f"{number:032x}", email=f"g{number}@home.example", role=Role.GUEST)
    if guest not in stored.meeting.participants:
        people = (*stored.meeting.participants, guest)
        api.store.kept.save(stored, stored.meeting.replace(participants=people))


def go(api: Api, meeting_id: str, number: int) -> str:
    """Take one participant off, whichever the number picks; returns its id."""
    stored = api.store.kept.get(meeting_id)
    people = stored.meeting.participants
    gone = people[number % len(people)]
    left = tuple(person for person in people if person is not gone)
    if left:
        api.store.kept.save(stored, stored.meeting.replace(participants=left))
        return gone.id
    return ""


class TestPages:
    @pytest.mark.parametrize(
        ("page_size", "lengths"),
        [(1, [1] * 7), (2, [2, 2, 2, 1]), (3, [3, 3, 1]), (4, [4, 3]), (6, [6, 1]), (7, [7])],
    )
    def test_they_end_within_meetings_and_show_everybody_once(
        self, api: Api, clinic: dict[str, str], page_size: int, lengths: list[int]
    ) -> None:
        [everybody] = pages_of(api, f"{PARTICIPANTS}?page_size=100")

        pages = pages_of(api, f"{PARTICIPANTS}?page_size={page_size}")

        assert [participant for page in pages for participant in page] == everybody
        assert [len(page) for page in pages if page] == lengths

    @pytest.mark.parametrize("page_size", [1, 2, 3])
    def test_a_page_of_all_meetings_is_one_query(
        self, api: Api, clinic: dict[str, str], page_size: int
    ) -> None:
        api.store.asked.clear()

        pages = pages_of(api, f"{PARTICIPANTS}?page_size={page_size}")

        assert api.store.asked == ["page"] * len(pages)

    def test_a_meetings_own_list_is_one_read_a_page(self, api: Api, clinic: dict[str, str]) -> None:
        api.store.asked.clear()

        pages = pages_of(api, f"{people(clinic['m1'])}?page_size=2")

        assert [len(page) for page in pages] == [2, 1]
        assert sorted(p["email"] for page in pages for p in page) == [ANA, EVA, KIM]
        assert api.store.asked == ["get", "get"]

    def test_a_filter_holds_on_every_page(self, api: Api, clinic: dict[str, str]) -> None:
        pages = pages_of(api, f"{PARTICIPANTS}?page_size=1&role=guest")

        assert sorted(p["email"] for page in pages for p in page) == [ANA, EVA, EVA, KIM]

    def test_a_page_that_is_full_has_no_next_where_nobody_is_left(self, api: Api) -> None:
        a_meeting_of(api, ANA, EVA)

        assert api.get(f"{PARTICIPANTS}?page_size=2").json["next"] is None

    @given(
        page_size=st.integers(1, 5),
        numbers=st.lists(st.integers(0, 2**128 - 1), min_size=9, max_size=9, unique=True),
        changes=st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 2**128 - 1), st.booleans()), max_size=20
        ),
    )
    @settings(max_examples=40, deadline=None)
    def test_a_walk_shows_each_who_stays_once_whoever_comes_and_goes(
        self,
        contract: Contract,
        page_size: int,
        numbers: list[int],
        changes: list[tuple[int, int, bool]],
    ) -> None:
        api = Api(contract)
        meetings = [f"{index:032x}" for index in range(3)]
        for meeting_id in meetings:
            put(api.store.kept, a_meeting(id=meeting_id, participants=()))
        for index, number in enumerate(numbers):
            come(api, meetings[index % 3], number)
        [everybody] = pages_of(api, f"{PARTICIPANTS}?page_size=100")
        stay = {(p["meeting"], p["id"]) for p in everybody}
        shown: list[tuple[str, str]] = []
        following: str | None = f"{PARTICIPANTS}?page_size={page_size}"

        while following is not None:
            page = api.get(following).json
            shown += [(p["meeting"], p["id"]) for p in page["results"]]
            following = page["next"]
            if changes:
                index, number, is_coming = changes.pop()
                if is_coming:
                    come(api, meetings[index], number)
                else:
                    stay.discard((meetings[index], go(api, meetings[index], number)))

        assert stay <= set(shown)
        assert len(shown) == len(set(shown))
