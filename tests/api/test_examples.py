"""schema/: what it says of bodies is what the app takes; every example is sent as it stands."""

import json
from typing import Any

import pytest

from functions.api.openapi import document
from functions.models import UserRole
from tests.api.caller import MEETINGS, USERS, Answer, Api, a_body, content
from tests.api.contract import Contract

ADMIN = "admin@clinica.com"
JSON = "application/json"
BODIES = [
    (method.upper(), path, media_type)
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
    for media_type in operation.get("requestBody", {}).get("content", {})
]


class Clinic:
    """One of everything that a path can name."""

    def __init__(self, api: Api) -> None:
        self._api = api
        api.identify(UserRole.ADMIN, ADMIN)
        self.meeting_id = api.make()
        place = f"{MEETINGS}{self.meeting_id}"
        guest = api.send("POST", f"{place}/participants/", **content({"email": "b@correo.com"}))
        file = api.send("POST", f"{place}/recordings/", **content({"drive_file_id": "0123456789"}))
        user = {"email": "c@clinica.com", "role": "external"}
        self._ids = {
            "meeting_id": self.meeting_id,
            "participant_id": guest.json["id"],
            "recording_id": file.json["id"],
            "user_id": api.send("POST", USERS, **content(user)).json["id"],
        }
        api.queue.deliver = api.sync

    def send(self, method: str, path: str, media_type: str, body: Any) -> Answer:
        request = {"data": json.dumps(body), "content_type": media_type}
        return self._api.send(method, path.format(**self._ids), **request)


@pytest.fixture
def clinic(api: Api) -> Clinic:
    return Clinic(api)


def example(contract: Contract, method: str, path: str, media_type: str) -> Any:
    operation = contract.document["paths"][path][method.lower()]
    return operation["requestBody"]["content"][media_type]["example"]


class TestExamples:
    @pytest.mark.parametrize(("method", "path", "media_type"), BODIES)
    def test_the_example_fits_its_schema(
        self, contract: Contract, method: str, path: str, media_type: str
    ) -> None:
        operation = contract.document["paths"][path][method.lower()]
        schema = operation["requestBody"]["content"][media_type]["schema"]

        assert contract.errors(schema, example(contract, method, path, media_type)) == []

    @pytest.mark.parametrize(("method", "path", "media_type"), BODIES)
    def test_the_example_is_taken(
        self, contract: Contract, clinic: Clinic, method: str, path: str, media_type: str
    ) -> None:
        body = example(contract, method, path, media_type)
        if "ids" in body:
            body = {**body, "ids": [clinic.meeting_id]}

        answer = clinic.send(method, path, media_type, body)

        assert answer.status in (200, 201, 202)
        assert all(one["status"] < 300 for one in answer.json.get("results", []))

    def test_every_operation_that_takes_a_body_has_one(self) -> None:
        operations = {(method, path) for method, path, _ in BODIES}

        assert len(operations) == 12
        assert {method for method, _ in operations} == {"POST", "PATCH", "DELETE"}


class TestProblems:
    def test_each_is_as_the_app_would_say_it(self, api: Api, contract: Contract) -> None:
        refusals = [
            api.get(f"{USERS}?x=1"),
            api.get(f"{MEETINGS}{'0' * 32}/"),
            api.send("POST", MEETINGS, data="x", content_type="text/plain"),
        ]

        for refusal in refusals:
            told = contract.document["components"]["examples"][refusal.json["code"]]["value"]
            own = {"instance", "request_id", "errors"}
            assert {k: v for k, v in refusal.json.items() if k not in own} == {
                k: v for k, v in told.items() if k not in own
            }

    def test_each_fits_the_schema(self, contract: Contract) -> None:
        schema = {"$ref": "#/components/schemas/Problem"}
        examples = contract.document["components"]["examples"]

        assert examples
        for told in examples.values():
            assert contract.errors(schema, told["value"]) == []


class TestBodies:
    def test_what_the_app_takes_the_document_takes(self, contract: Contract) -> None:
        body = a_body(description=None, notify="none", time_zone="UTC", summary="x")

        assert contract.errors({"$ref": "#/components/schemas/CreateMeeting"}, body) == []

    @pytest.mark.parametrize(
        "changes",
        [
            {"invited_emails": []},
            {"invited_emails": None},
            {"summary": ""},
            {"summary": "x" * 201},
            {"notify": "nobody"},
            {"scheduled_start": "tomorrow"},
            {"x": 1},
        ],
    )
    def test_what_the_document_refuses_the_app_refuses(
        self, api: Api, contract: Contract, changes: dict[str, Any]
    ) -> None:
        body = a_body(**changes)

        assert contract.errors({"$ref": "#/components/schemas/CreateMeeting"}, body)
        assert api.refused(body)

    def test_a_whole_number_may_have_a_fraction_of_nothing(self, clinic: Clinic) -> None:
        body = {"drive_file_id": "abcdefghij", "duration_seconds": 60.0}

        answer = clinic.send("POST", f"{MEETINGS}{{meeting_id}}/recordings/", JSON, body)

        assert (answer.status, answer.json["duration_seconds"]) == (201, 60)

    @pytest.mark.parametrize("value", [True, "60", 60.5, -1.0])
    def test_what_is_no_whole_number_is_refused(self, clinic: Clinic, value: Any) -> None:
        body = {"drive_file_id": "abcdefghij", "duration_seconds": value}

        answer = clinic.send("POST", f"{MEETINGS}{{meeting_id}}/recordings/", JSON, body)

        assert answer.json["errors"][0]["pointer"] == "/duration_seconds"

    @pytest.mark.parametrize("end", ["]", "|", "<a>", "%", "%2", "%zz", "a#b#c", '"', "\\"])
    def test_what_is_no_url_is_refused(self, clinic: Clinic, end: str) -> None:
        url = f"https://drive.google.com/file/{end}"
        body = {"drive_file_id": "abcdefghij", "url": url}

        answer = clinic.send("POST", f"{MEETINGS}{{meeting_id}}/recordings/", JSON, body)

        assert answer.json["errors"][0]["code"] == "invalid_url"

    def test_a_patch_has_no_defaults(self, contract: Contract) -> None:
        fields = contract.document["components"]["schemas"]["ChangeMeeting"]["properties"]

        assert not any("default" in field for field in fields.values())

    def test_a_patch_is_a_merge_patch_or_json(self, contract: Contract) -> None:
        body = contract.document["paths"][f"{MEETINGS}{{meeting_id}}/"]["patch"]["requestBody"]

        assert set(body["content"]) == {"application/merge-patch+json", JSON}


class TestHeaders:
    @pytest.mark.parametrize("key", ["", "a b", "x" * 256])
    @pytest.mark.parametrize("query", ["", "?validate_only=true"])
    def test_a_key_that_the_document_refuses_the_app_refuses(
        self, api: Api, key: str, query: str
    ) -> None:
        headers = {"Idempotency-Key": key}

        answer = api.send("POST", f"{MEETINGS}{query}", **content(a_body()), headers=headers)

        assert [fault["pointer"] for fault in answer.json["errors"]] == ["Idempotency-Key"]

    @pytest.mark.parametrize("tags", ['""', '"", "9"', 'W/"", "9"'])
    def test_an_empty_tag_fits_nothing(self, api: Api, tags: str) -> None:
        meeting_id = api.make()

        answer = api.patch(meeting_id, {"summary": "x"}, headers={"If-Match": tags})

        assert (answer.status, answer.json["code"]) == (412, "precondition_failed")
