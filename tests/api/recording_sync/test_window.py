"""POST recordings/sync/ of a window: all that began in it, by fifty, from cursor to cursor."""

from datetime import datetime, timedelta

import pytest

from functions.errors import RetryableError
from functions.models import MeetingStatus, UserRole
from tests.api.accounts import BOSS, XOMA
from tests.api.caller import MEETINGS, Api, faults
from tests.api.reading import cursor_of
from tests.api.recording_sync.held import BEGAN, a_window, begun_with, hold, is_due, sync
from tests.values import NOW

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


class TestWindow:
    def test_is_half_open(self, api: Api) -> None:
        starts = [BEGAN - SECOND, BEGAN, BEGAN + HOUR - SECOND, BEGAN + HOUR]
        before, first, last, after = (hold(api, start) for start in starts)

        answer = sync(api, **a_window(BEGAN, HOUR))

        assert answer.json == {"started": [first, last], "cursor": None}
        assert [is_due(api, one) for one in (before, first, last, after)] == [
            *(False, True, True, False)
        ]
        assert len(api.recording_queue.names) == 2

    def test_begins_with_the_earliest(self, api: Api) -> None:
        late, early = hold(api, BEGAN + HOUR), hold(api, BEGAN)

        assert sync(api, **a_window()).json["started"] == [early, late]

    def test_leaves_out_what_meet_has_nothing_to_tell_of(self, api: Api) -> None:
        others = [
            hold(api, status=MeetingStatus.CANCELLED),
            hold(api, meeting_code=None),
            hold(api, NOW + SECOND),
        ]
        begun = hold(api, NOW)

        assert begun_with(api, a_window()) == [[begun]]
        assert not any(is_due(api, one) for one in others)

    @pytest.mark.parametrize("start", [BEGAN - timedelta(days=30), NOW + HOUR])
    def test_with_nothing_in_it_begins_with_nothing(self, api: Api, start: datetime) -> None:
        hold(api)
        hold(api, NOW + 2 * HOUR)

        assert begun_with(api, a_window(start)) == [[]]

    def test_of_no_length_has_nothing_in_it(self, api: Api) -> None:
        hold(api, BEGAN)

        assert begun_with(api, a_window(BEGAN, timedelta(0))) == [[]]

    def test_may_be_written_in_any_offset(self, api: Api) -> None:
        meeting_id = hold(api, BEGAN)
        window = {
            "scheduled_from": "2030-01-01T07:00:00+01:00",
            "scheduled_to": "2030-01-01T01:00:01-05:00",
        }

        assert sync(api, **window).json["started"] == [meeting_id]


class TestCursor:
    @pytest.mark.parametrize(("count", "answers"), [(50, [50]), (51, [50, 1]), (120, [50, 50, 20])])
    def test_leads_through_all_of_them_once(self, api: Api, count: int, answers: list[int]) -> None:
        held = [hold(api, BEGAN + number // 3 * SECOND) for number in range(count)]

        begun = begun_with(api, a_window())

        assert [len(ids) for ids in begun] == answers
        assert sorted(one for ids in begun for one in ids) == sorted(held)

    def test_leads_past_fifty_that_are_left_out(self, api: Api) -> None:
        for _ in range(50):
            hold(api, meeting_code=None)
        last = hold(api, BEGAN + SECOND)

        assert begun_with(api, a_window()) == [[], [last]]

    def test_leads_on_where_time_ran_out(self, api: Api) -> None:
        held = [hold(api, BEGAN + number * SECOND) for number in range(5)]

        def take_long(_: str) -> None:
            api.time += timedelta(seconds=10)

        api.recording_queue.deliver = take_long

        assert begun_with(api, a_window()) == [held[:3], held[3:]]

    def test_is_of_one_window_and_of_one_caller(self, api: Api) -> None:
        api.identify(UserRole.ADMIN, BOSS)
        api.identify(UserRole.SERVICE, XOMA)
        for _ in range(51):
            hold(api)
        word = sync(api, **a_window()).json["cursor"]
        later = {**a_window(), "scheduled_to": (NOW + HOUR).isoformat()}

        other_window = sync(api, **later, cursor=word)
        api.email = BOSS
        other_caller = sync(api, **a_window(), cursor=word)

        for answer in (other_window, other_caller):
            assert faults(answer) == [("/cursor", "invalid_cursor")]

    def test_is_of_no_listing(self, api: Api) -> None:
        for _ in range(2):
            hold(api)
        bounds = "scheduled_from=2030-01-01T00:00:00Z&scheduled_to=2030-01-02T00:00:00Z"
        listing = f"{MEETINGS}?ordering=scheduled_start&page_size=1&{bounds}"

        answer = sync(api, **a_window(), cursor=cursor_of(api.get(listing).json["next"]))

        assert faults(answer) == [("/cursor", "invalid_cursor")]

    def test_is_the_same_for_the_same_window_in_another_offset(self, api: Api) -> None:
        for _ in range(51):
            hold(api)
        word = sync(api, **a_window()).json["cursor"]
        window = {
            "scheduled_from": "2030-01-01T07:00:00+01:00",
            "scheduled_to": "2030-01-02T06:00:00Z",
        }

        assert len(sync(api, **window, cursor=word).json["started"]) == 1


class TestSomethingIsAway:
    def test_the_queue_and_all_are_due_all_the_same(self, api: Api) -> None:
        held = [hold(api) for _ in range(3)]
        api.recording_queue.error = RetryableError("queue_unavailable", "away")

        answer = sync(api, **a_window())

        assert sorted(answer.json["started"]) == sorted(held)
        assert all(is_due(api, one) for one in held)

    def test_the_store_and_a_repetition_does_what_is_left(self, api: Api) -> None:
        held = [hold(api) for _ in range(3)]
        error = RetryableError("store_unavailable", "away")

        def break_store(_: str) -> None:
            api.store.write_error = error

        api.recording_queue.deliver = break_store
        broken = sync(api, **a_window())
        api.store.write_error, api.recording_queue.deliver = None, str

        again = sync(api, **a_window())

        assert (broken.status, again.status) == (503, 202)
        assert sorted(again.json["started"]) == sorted(held)
