"""What goes wrong behind the API, as a caller is told it."""

import pytest

from functions.errors import ConcurrentChange, PermanentError, RetryableError
from tests.api.caller import MEETINGS, Answer, Api, a_body
from tests.api.log import Log

SECRET = "secret text"
OPERATIONS = {
    "create": lambda api, _: api.post(a_body()),
    "list": lambda api, _: api.get(MEETINGS),
    "read": lambda api, meeting_id: api.get(f"{MEETINGS}{meeting_id}/"),
    "change": lambda api, meeting_id: api.patch(meeting_id, {"summary": "Other"}),
    "cancel": lambda api, meeting_id: api.delete(meeting_id),
}


@pytest.fixture(params=OPERATIONS)
def operation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def failing(api: Api, operation: str, error: Exception) -> Answer:
    """Do the operation with a store that raises the error at every call."""
    meeting_id = api.make()
    api.store.error = error
    answer: Answer = OPERATIONS[operation](api, meeting_id)
    return answer


class TestUnforeseen:
    @pytest.mark.parametrize("error", [RuntimeError, ValueError, KeyError, AssertionError])
    def test_the_caller_gets_an_id_and_the_log_gets_the_place(
        self, api: Api, log: Log, operation: str, error: type[Exception]
    ) -> None:
        answer = failing(api, operation, error(SECRET))

        assert answer.status == 500
        assert answer.json["code"] == "internal_error"
        assert SECRET not in str(answer)
        assert "Traceback" not in str(answer)
        line = log.only("unhandled exception")
        assert line["severity"] == "ERROR"
        assert line["request_id"] == answer.json["request_id"]
        assert f"{error.__name__}: withheld" in line["stack_trace"]
        assert ", in _ask" in line["stack_trace"]
        assert SECRET not in str(line)

    def test_the_next_request_is_served(self, api: Api) -> None:
        failing(api, "list", RuntimeError(SECRET))
        api.store.error = None

        assert api.get(MEETINGS).status == 200


class TestAway:
    def test_the_caller_is_told_to_come_back(self, api: Api, log: Log, operation: str) -> None:
        answer = failing(api, operation, RetryableError("store_unavailable", SECRET))

        assert answer.status == 503
        assert answer.json["code"] == "unavailable"
        assert answer.json["reason"] == "store_unavailable"
        assert int(answer.headers["Retry-After"]) >= 1
        assert SECRET not in str(answer)
        assert log.only("unavailable")["code"] == "store_unavailable"

    def test_what_must_be_mended_is_told_and_nobody_is_sent_to_come_back(
        self, api: Api, log: Log, operation: str
    ) -> None:
        answer = failing(api, operation, PermanentError("store_refuses", "Grant the role."))

        assert answer.status == 503
        assert answer.json["code"] == "misconfigured"
        assert answer.json["reason"] == "store_refuses"
        assert "Retry-After" not in answer.headers
        assert "Grant" not in str(answer)
        assert log.only("Grant the role.")["severity"] == "ERROR"


class TestContention:
    @pytest.mark.parametrize("operation", ["create", "change", "cancel"])
    def test_a_race_that_is_always_lost_ends(self, api: Api, operation: str) -> None:
        meeting_id = api.make()
        before = api.stored()
        api.store.write_error = ConcurrentChange()

        answer = OPERATIONS[operation](api, meeting_id)

        assert answer.status == 409
        assert answer.json["code"] == "concurrent_change"
        assert api.stored() == before
