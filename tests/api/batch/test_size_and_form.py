"""Batches of meetings: from one to fifty, and what they cost."""

from typing import Any

import pytest

from tests.api.batch.batches import an_item, cancel, create, statuses
from tests.api.caller import BATCH_CANCEL, BATCH_CREATE, content, faults
from tests.api.keyed import KeyedApi


class TestSize:
    @pytest.mark.parametrize(("count", "code"), [(0, "empty"), (51, "too_long")])
    def test_none_and_too_many_are_refused_and_nothing_done(
        self, api: KeyedApi, count: int, code: str
    ) -> None:
        meeting_id = api.make()

        created = faults(create(api, *(an_item(number) for number in range(count))))
        cancelled = faults(cancel(api, *[meeting_id] * count))

        assert created == [("/meetings", code)]
        assert cancelled == [("/ids", code)]
        assert [meeting.is_cancelled for meeting in api.stored()] == [False]

    @pytest.mark.parametrize(
        ("path", "body", "expected"),
        [
            (BATCH_CREATE, {}, ("/meetings", "required")),
            (BATCH_CREATE, {"meetings": {}}, ("/meetings", "wrong_type")),
            (BATCH_CREATE, {"meetings": [], "x": 1}, ("/x", "unknown_field")),
            (BATCH_CANCEL, {}, ("/ids", "required")),
            (BATCH_CANCEL, {"ids": ["f" * 32, "../x"]}, ("/ids/1", "invalid_id")),
            (BATCH_CANCEL, {"ids": [7]}, ("/ids/0", "wrong_type")),
            (BATCH_CANCEL, {"ids": ["f" * 32], "reason": 5}, ("/reason", "wrong_type")),
        ],
    )
    def test_a_body_of_another_form_is_refused_as_a_whole(
        self, api: KeyedApi, path: str, body: Any, expected: tuple[str, str]
    ) -> None:
        assert expected in faults(api.send("POST", path, **content(body)))
        assert api.store.asked == []

    def test_a_day_of_fifty_is_a_commit_and_a_task_each(self, api: KeyedApi) -> None:
        created = create(api, *(an_item(number) for number in range(50)))

        assert statuses(created.json) == [202] * 50
        assert api.store.asked == ["create"] * 50
        assert len(api.queue.names) == 50

    def test_a_day_of_fifty_is_cancelled_by_a_read_a_commit_and_a_task_each(
        self, api: KeyedApi
    ) -> None:
        ids = [api.make() for _ in range(50)]
        api.store.asked.clear()

        cancelled = cancel(api, *ids)

        assert statuses(cancelled.json) == [200] * 50
        assert api.store.asked == ["get", "save"] * 50
        assert len(api.queue.names) == 100
