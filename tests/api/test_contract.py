"""The check that every other test of the API relies on (contract.py) can fail."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.caller import MEETINGS, Api, a_body
from tests.api.contract import Contract

PATH = f"{MEETINGS}{'0' * 32}/"


def received(api: Api, body: Any = None, **headers: str) -> TestResponse:
    """The answer for a meeting that is not there, with another body or other headers."""
    response = api.app.test_client().get(PATH)
    if body is not None:
        response.set_data(json.dumps({**response.get_json(), **body}))
    for name, value in headers.items():
        response.headers[name] = value
    return response


class TestBodies:
    def test_a_member_too_many_or_too_few_is_noticed(self, api: Api, contract: Contract) -> None:
        body = api.post(a_body()).json
        schema = {"$ref": "#/components/schemas/MeetingView"}

        assert contract.errors(schema, body) == []
        assert contract.errors(schema, body | {"secret": 1}) == ["secret is not documented"]
        assert contract.errors(schema, {k: v for k, v in body.items() if k != "status"})
        assert contract.errors(schema, body | {"created_at": "yesterday"})


class TestAnswers:
    def test_one_as_it_is_passes(self, api: Api, contract: Contract) -> None:
        contract.check(received(api))

    def test_a_code_that_the_operation_has_not_is_noticed(
        self, api: Api, contract: Contract
    ) -> None:
        other = {"code": "user_not_found", "type": "urn:meet-middleware:problem:user_not_found"}

        with pytest.raises(AssertionError, match="user_not_found is not documented for 404"):
            contract.check(received(api, other))

    def test_a_header_that_the_answer_has_not_is_noticed(
        self, api: Api, contract: Contract
    ) -> None:
        with pytest.raises(AssertionError, match="ETag"):
            contract.check(received(api, ETag='"1"'))

    def test_a_header_that_did_not_come_is_noticed(self, api: Api, contract: Contract) -> None:
        meeting_id = api.make()
        response = api.app.test_client().get(f"{MEETINGS}{meeting_id}/")
        del response.headers["ETag"]

        with pytest.raises(AssertionError, match="ETag"):
            contract.check(response)

    def test_an_operation_that_is_not_there_is_noticed(self, contract: Contract) -> None:
        with pytest.raises(AssertionError, match="is no operation"):
            contract.operation(MEETINGS, "DELETE")
