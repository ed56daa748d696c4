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
                for name in ("firestore", "cloud_tasks")
            },
        }
        assert api.store.asked == ["ping"]

    @pytest.mark.parametrize("kind", [RetryableError, PermanentError])
    def test_it_says_what_is_wrong_with_which(self, api: Api, kind: type[UpstreamError]) -> None:
        api.queue.error = kind("queue_refuses", "Grant the role.")

        answer = api.get("/api/v1/ready/")

        assert answer.status == 503
        assert answer.json["ready"] is False
        assert answer.json["checks"]["firestore"]["ok"] is True
        assert answer.json["checks"]["cloud_tasks"] == {
            "ok": False,
            "code": "queue_refuses",
            "detail": "Grant the role.",
        }
