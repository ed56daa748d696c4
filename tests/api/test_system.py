"""health/ and ready/."""

import pytest

from functions.errors import PermanentError, RetryableError, UpstreamError
from tests.api.caller import Api


class TestHealth:
    def test_it_needs_nobody(self, api: Api) -> None:
        api.store.error = RuntimeError("away")
        api.queue.error = RetryableError("queue_unavailable", "away")

        answer = api.get("/api/v1/health/")

        assert answer.status == 200
        assert answer.json == {"status": "alive"}
        assert api.store.asked == []


class TestReady:
    def test_it_asks_every_dependency(self, api: Api) -> None:
        answer = api.get("/api/v1/ready/")

        assert answer.status == 200
        assert answer.json == {
            "ready": True,
            "checks": {
                name: {"ok": True, "code": None, "detail": None}
                for name in ("firestore", "cloud_tasks", "cloud_tasks_recording")
            },
            "last_swept_at": None,
        }
        assert api.store.asked == ["ping"]

    @pytest.mark.parametrize("kind", [RetryableError, PermanentError])
    @pytest.mark.parametrize("name", ["cloud_tasks", "cloud_tasks_recording"])
    def test_it_says_what_is_wrong_with_which(
        self, api: Api, name: str, kind: type[UpstreamError]
    ) -> None:
        queue = api.queue if name == "cloud_tasks" else api.recording_queue
        queue.error = kind("queue_refuses", "Grant the role.")

        answer = api.get("/api/v1/ready/")

        assert answer.status == 503
        assert answer.json["ready"] is False
        wrong = answer.json["checks"].pop(name)
        assert [check["ok"] for check in answer.json["checks"].values()] == [True, True]
        assert wrong == {
            "ok": False,
            "code": "queue_refuses",
            "detail": "Grant the role.",
        }
