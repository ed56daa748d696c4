"""schema/: the document is valid, complete and true.

Every answer in these tests is held against it (caller.py); here it is looked at by itself.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from functions.api.routes import ROUTES
from functions.problems import CATALOGUE
from tests.api.caller import MEETINGS, Api
from tests.api.contract import WITHOUT_OPERATION, Contract

FOR_PEOPLE = {"pages.docs", "pages.redoc", "pages.asset", "pages.room"}
MEETING = f"{MEETINGS}{{meeting_id}}/"
USER = "/api/v1/users/{user_id}/"


@pytest.fixture(scope="module")
def document(contract: Contract) -> dict[str, Any]:
    return contract.document


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from references(item)


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def codes(answer: dict[str, Any]) -> set[str]:
    """The codes of the problems that an answer can be."""
    return set(answer.get("content", {}).get("application/problem+json", {}).get("examples", {}))


class TestDocument:
    def test_it_is_what_the_app_serves(self, api: Api, document: dict[str, Any]) -> None:
        answer = api.get("/api/v1/schema/")

        assert answer.json == document
        assert answer.json["openapi"].startswith("3.1.")

    def test_it_is_valid_openapi(self, document: dict[str, Any]) -> None:
        assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []

    def test_every_reference_leads_somewhere(self, document: dict[str, Any]) -> None:
        found = set(references(document))

        assert found
        for reference in found:
            place: Any = document
            for part in reference.removeprefix("#/").split("/"):
                place = place[part]

    def test_every_route_is_in_it_and_nothing_else(
        self, api: Api, document: dict[str, Any]
    ) -> None:
        routes = {
            (re.sub(r"<(\w+)>", r"{\1}", str(rule)), method.lower())
            for rule in api.app.url_map.iter_rules()
            if rule.endpoint not in FOR_PEOPLE
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }

        assert {(path, method) for path, method, _ in operations(document)} == routes
        assert len(routes) == 34

    def test_it_repeats_no_model(self, document: dict[str, Any]) -> None:
        meetings = document["components"]["schemas"]["BatchCreate"]["properties"]["meetings"]

        assert meetings["items"] == {"$ref": "#/components/schemas/CreateMeeting"}


class TestOperations:
    def test_each_has_a_name_of_its_own_that_every_language_can_take(
        self, document: dict[str, Any]
    ) -> None:
        names = [operation["operationId"] for _, _, operation in operations(document)]

        assert len({name.lower() for name in names}) == len(names)
        assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", name) for name in names)
        assert {"createMeeting", "listMeetings", "getMeeting", "changeMeeting"} < set(names)

    def test_each_says_what_it_does_and_who_may(self, document: dict[str, Any]) -> None:
        tags = {tag["name"] for tag in document["tags"] if tag["description"]}
        roles = {
            (re.sub(r"<(\w+)>", r"{\1}", route.path), route.method.lower()): route.roles
            for route in ROUTES
        }

        for path, method, operation in operations(document):
            allowed = roles[path, method]
            told = set(re.findall(r"\b(?:admin|service|external)\b", operation["description"]))
            assert operation["summary"]
            assert set(operation["tags"]) < tags
            assert told == (allowed or set())
            assert operation["security"] == ([] if allowed is None else [{"bearerAuth": []}])

    def test_those_for_everybody_are_few(self, document: dict[str, Any]) -> None:
        found = {op["operationId"] for _, _, op in operations(document) if not op["security"]}

        assert found == {"getHealth", "getReadiness", "getSchema"}


class TestParameters:
    def test_each_says_what_it_means_and_what_it_takes(self, document: dict[str, Any]) -> None:
        for _, _, operation in operations(document):
            for parameter in operation["parameters"]:
                assert parameter["schema"]
                assert parameter["in"] == "query" or parameter["description"]
                assert "null" not in str(parameter["schema"])

    @pytest.mark.parametrize(
        ("path", "patterns"),
        [
            (MEETING, {"meeting_id": "^[0-9a-f]{32}$"}),
            (
                f"{MEETING}participants/{{participant_id}}/",
                {"meeting_id": "^[0-9a-f]{32}$", "participant_id": "^[0-9a-f]{32}$"},
            ),
            (
                f"{MEETING}recordings/{{recording_id}}/",
                {"meeting_id": "^[0-9a-f]{32}$", "recording_id": "^[0-9a-f]{32}$"},
            ),
            (USER, {"user_id": "^[0-9a-f]{64}$"}),
        ],
    )
    def test_ids_have_their_pattern(
        self, document: dict[str, Any], path: str, patterns: dict[str, str]
    ) -> None:
        for operation in document["paths"][path].values():
            found = {
                parameter["name"]: parameter["schema"]["pattern"]
                for parameter in operation["parameters"]
                if parameter["in"] == "path" and parameter["required"]
            }
            assert found == patterns

    @pytest.mark.parametrize(
        ("path", "method", "headers"),
        [
            (MEETINGS, "post", {"Prefer", "X-Request-Id", "Idempotency-Key"}),
            (MEETINGS, "get", {"X-Request-Id"}),
            (MEETING, "get", {"X-Request-Id", "If-None-Match"}),
            (MEETING, "patch", {"X-Request-Id", "Idempotency-Key", "If-Match"}),
            (USER, "delete", {"X-Request-Id", "Idempotency-Key", "If-Match"}),
        ],
    )
    def test_headers_are_told(
        self, document: dict[str, Any], path: str, method: str, headers: set[str]
    ) -> None:
        parameters = document["paths"][path][method]["parameters"]

        assert {one["name"] for one in parameters if one["in"] == "header"} == headers

    def test_filters_are_told(self, document: dict[str, Any]) -> None:
        parameters = document["paths"][MEETINGS]["get"]["parameters"]

        assert {one["name"] for one in parameters if one["in"] == "query"} == {
            *("page_size", "cursor", "ordering", "status", "calendar_state", "has_recording"),
            *("organizer_email", "participant_email", "external_reference"),
            *("scheduled_from", "scheduled_to"),
        }


class TestAnswers:
    @pytest.mark.parametrize(
        ("path", "method", "statuses"),
        [
            (MEETINGS, "post", "200 201 202 204 400 401 403 406 409 413 415 422 429 500 503"),
            (MEETING, "get", "200 304 400 401 403 404 406 429 500 503"),
            (MEETING, "patch", "200 204 400 401 403 404 406 409 412 413 415 422 429 500 503"),
            (USER, "delete", "204 400 401 403 404 406 409 412 422 429 500 503"),
            ("/api/v1/health/", "get", "200 400 406 500"),
        ],
    )
    def test_every_status_is_told(
        self, document: dict[str, Any], path: str, method: str, statuses: str
    ) -> None:
        assert sorted(document["paths"][path][method]["responses"]) == statuses.split()

    @pytest.mark.parametrize(
        ("path", "method", "status", "headers"),
        [
            (
                *(MEETINGS, "post", "202"),
                {"ETag", "Location", "Retry-After", "Preference-Applied", "Idempotency-Replayed"},
            ),
            (MEETING, "get", "200", {"ETag"}),
            (MEETING, "get", "304", {"ETag"}),
            (MEETING, "get", "401", {"WWW-Authenticate"}),
            (MEETING, "get", "429", {"Retry-After"}),
            (MEETING, "get", "503", {"Retry-After"}),
            (MEETING, "patch", "200", {"ETag", "Idempotency-Replayed"}),
            (USER, "delete", "204", {"Idempotency-Replayed"}),
        ],
    )
    def test_headers_are_told(
        self, document: dict[str, Any], path: str, method: str, status: str, headers: set[str]
    ) -> None:
        answer = document["paths"][path][method]["responses"][status]

        assert set(answer["headers"]) == {*headers, "X-Request-Id"}

    def test_an_answer_without_a_body_has_none(self, document: dict[str, Any]) -> None:
        for _, _, operation in operations(document):
            for status, answer in operation["responses"].items():
                assert ("content" in answer) == (status not in ("204", "304"))

    def test_every_problem_is_told_where_it_can_come(self, document: dict[str, Any]) -> None:
        told: set[str] = set()
        for _, _, operation in operations(document):
            for status, answer in operation["responses"].items():
                assert {CATALOGUE[code].status.value for code in codes(answer)} <= {int(status)}
                assert all(f"`{code}`: " in answer["description"] for code in codes(answer))
                told |= codes(answer)

        assert told == set(CATALOGUE) - WITHOUT_OPERATION

    def test_every_code_is_listed(self, document: dict[str, Any]) -> None:
        schema = document["components"]["schemas"]["Problem"]["properties"]["code"]
        listed = re.findall(r"^\| `(\w+)` \| (\d+) \|", document["info"]["description"], re.M)

        assert schema["enum"] == sorted(CATALOGUE)
        assert listed == [(code, str(one.status.value)) for code, one in CATALOGUE.items()]
