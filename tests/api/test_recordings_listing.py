"""recordings/ and meetings/{id}/recordings/: filters, pages, and walks over what changes."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.models import RecordingState, new_id
from tests.api.caller import MEETINGS, PARTICIPANTS, RECORDINGS, Api, faults
from tests.api.contract import Contract
from tests.api.parts import STRANGE_IDS, a_recording, films, register
from tests.api.reading import pages_of
from tests.values import NOW, a_meeting, put

P, A, M = "PROCESSING", "AVAILABLE", "MISSING"


def a_meeting_with(api: Api, *states: str, minutes: int = 0) -> str:
    recordings = tuple(
        a_recording(state=RecordingState(state), drive_file_id=f"file-{index:010d}")
        for index, state in enumerate(states)
    )
    meeting = a_meeting(created_at=NOW + timedelta(minutes=minutes), recordings=recordings)
    put(api.store.kept, meeting)
    return meeting.id


@pytest.fixture
def clinic(api: Api) -> dict[str, str]:
    """Five meetings, the first one the newest."""
    meetings = {"m1": (A, A, P), "m2": (P,), "m3": (), "m4": (M, A), "m5": (M,)}
    return {
        name: a_meeting_with(api, *states, minutes=-int(name[1]))
        for name, states in meetings.items()
    }


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", {"m1": [A, A, P], "m2": [P], "m4": [A, M], "m5": [M]}),
            ("state=AVAILABLE", {"m1": [A, A], "m4": [A]}),
            ("state=PROCESSING", {"m1": [P], "m2": [P]}),
            ("state=MISSING", {"m4": [M], "m5": [M]}),
            ("meeting={m1}", {"m1": [A, A, P]}),
            ("meeting={m3}", {}),
            ("meeting={m1}&state=PROCESSING", {"m1": [P]}),
            ("meeting={m1}&state=MISSING", {}),
        ],
    )
    def test_alone_and_together(
        self, api: Api, clinic: dict[str, str], query: str, expected: dict[str, list[str]]
    ) -> None:
        names = {meeting_id: name for name, meeting_id in clinic.items()}

        [results] = pages_of(api, f"{RECORDINGS}?page_size=100&{query.format(**clinic)}")

        shown: dict[str, list[str]] = {}
        for result in results:
            shown.setdefault(names[result["meeting"]], []).append(result["state"])
        assert {name: sorted(states) for name, states in shown.items()} == expected
        assert list(shown) == sorted(shown)

    def test_a_result_is_what_the_recording_is_by_itself(self, api: Api) -> None:
        meeting_id = api.make()
        recording = register(api, meeting_id).json

        assert api.get(RECORDINGS).json["results"] == [recording]
        assert api.get(films(meeting_id)).json["results"] == [recording]

    def test_a_meeting_that_is_not_there(self, api: Api) -> None:
        answer = api.get(f"{RECORDINGS}?meeting={new_id()}")

        assert (answer.status, answer.json["code"]) == (404, "meeting_not_found")


class TestPages:
    @pytest.mark.parametrize(
        ("page_size", "lengths"),
        [(1, [1] * 7), (2, [2, 2, 2, 1]), (3, [3, 3, 1]), (4, [4, 3]), (6, [6, 1]), (7, [7])],
    )
    def test_they_end_within_meetings_and_show_each_once(
        self, api: Api, clinic: dict[str, str], page_size: int, lengths: list[int]
    ) -> None:
        [everything] = pages_of(api, f"{RECORDINGS}?page_size=100")

        pages = pages_of(api, f"{RECORDINGS}?page_size={page_size}")

        assert [recording for page in pages for recording in page] == everything
        assert [len(page) for page in pages if page] == lengths

    @pytest.mark.parametrize("query", ["", "&state=AVAILABLE"])
    def test_a_page_of_all_meetings_is_one_query(
        self, api: Api, clinic: dict[str, str], query: str
    ) -> None:
        api.store.asked.clear()

        pages = pages_of(api, f"{RECORDINGS}?page_size=1{query}")

        assert api.store.asked == ["page"] * len(pages)

    def test_meetings_without_a_fitting_one_do_not_lengthen_a_walk(self, api: Api) -> None:
        for minutes in range(10):
            a_meeting_with(api, minutes=minutes)
            a_meeting_with(api, P, minutes=minutes)
        a_meeting_with(api, A)

        pages = pages_of(api, f"{RECORDINGS}?page_size=1&state=AVAILABLE")

        assert [len(page) for page in pages] == [1]

    def test_a_meetings_own_list_is_one_read_a_page(self, api: Api, clinic: dict[str, str]) -> None:
        api.store.asked.clear()

        pages = pages_of(api, f"{films(clinic['m1'])}?page_size=2")

        assert [len(page) for page in pages] == [2, 1]
        assert api.store.asked == ["get", "get"]

    @given(
        page_size=st.integers(1, 5),
        numbers=st.lists(st.integers(0, 2**128 - 1), min_size=9, max_size=9, unique=True),
        changes=st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 2**128 - 1), st.booleans()), max_size=20
        ),
    )
    @settings(max_examples=40, deadline=None)
    def test_a_walk_shows_each_that_stays_once_whatever_comes_and_goes(
        self,
        contract: Contract,
        page_size: int,
        numbers: list[int],
        changes: list[tuple[int, int, bool]],
    ) -> None:
        api = Api(contract)
        meetings = [f"{index:032x}" for index in range(3)]
        stay = set()
        for index, meeting_id in enumerate(meetings):
            ids = [f"{number:032x}" for number in numbers[index::3]]
            recordings = tuple(a_recording(id=one, drive_file_id=f"file-{one}") for one in ids)
            put(api.store.kept, a_meeting(id=meeting_id, recordings=recordings))
            stay |= {(meeting_id, one) for one in ids}
        shown: list[tuple[str, str]] = []
        following: str | None = f"{RECORDINGS}?page_size={page_size}"

        while following is not None:
            page = api.get(following).json
            shown += [(r["meeting"], r["id"]) for r in page["results"]]
            following = page["next"]
            if changes:
                index, number, is_coming = changes.pop()
                stored = api.store.kept.get(meetings[index])
                recordings = stored.meeting.recordings
                new_one = a_recording(id=f"{number:032x}", drive_file_id=f"file-{number:032x}")
                if is_coming and new_one not in recordings:
                    recordings = (*recordings, new_one)
                elif recordings:
                    gone = recordings[number % len(recordings)]
                    recordings = tuple(one for one in recordings if one is not gone)
                    stay.discard((meetings[index], gone.id))
                changed = stored.meeting.replace(recordings=recordings)
                api.store.kept.save(stored, changed)

        assert stay <= set(shown)
        assert len(shown) == len(set(shown))


class TestBadQueries:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("state=available", [("state", "unknown_value")]),
            ("state=", [("state", "unknown_value")]),
            ("state=MISSING&state=AVAILABLE", [("state", "repeated_parameter")]),
            ("page_size=101", [("page_size", "out_of_range")]),
            ("available=true", [("available", "unknown_field")]),
            ("cursor=x", [("cursor", "invalid_cursor")]),
            *((f"meeting={odd}", [("meeting", "invalid_id")]) for odd in ["", *STRANGE_IDS]),
        ],
    )
    def test_each_fault_is_named_by_its_parameter(
        self, api: Api, query: str, expected: list[tuple[str, str]]
    ) -> None:
        assert faults(api.get(f"{RECORDINGS}?{query}")) == expected
        assert api.store.asked == []

    def test_an_unknown_parameter_is_told_those_that_there_are(self, api: Api) -> None:
        [fault] = api.get(f"{RECORDINGS}?available=true").json["errors"]

        assert fault["message"].endswith("there are: cursor, meeting, page_size, state.")

    @pytest.mark.parametrize(
        "path",
        [
            f"{RECORDINGS}?state=PROCESSING&",
            f"{RECORDINGS}?",
            f"{PARTICIPANTS}?",
            f"{MEETINGS}?",
        ],
    )
    def test_a_cursor_fits_its_own_listing_and_filters_alone(
        self, api: Api, clinic: dict[str, str], path: str
    ) -> None:
        following = api.get(f"{RECORDINGS}?page_size=1&state=AVAILABLE").json["next"]
        cursor = following.partition("cursor=")[2]

        assert faults(api.get(f"{path}cursor={cursor}")) == [("cursor", "invalid_cursor")]
