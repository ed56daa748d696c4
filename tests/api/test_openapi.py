"""schema/: the document is valid, complete and true.

Every answer in these tests is held against it (caller.py); here it is looked at by itself.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from functions.api.schemas import ChangeMeeting, Context, CreateMeeting
from functions.api.validation import parse_body
from functions.problems import CATALOGUE
from tests.api.caller import MEETINGS, Api, a_body
from tests.api.contract import WITHOUT_OPERATION, Contract
from tests.values import NOW

FOR_PEOPLE = {"pages.docs", "pages.redoc", "pages.asset", "pages.room"}


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

    def test_operations_have_names_of_their_own(self, document: dict[str, Any]) -> None:
        names = [operation["operationId"] for _, _, operation in operations(document)]

        assert len(set(names)) == len(names)

    def test_every_problem_is_told_of_where_it_can_come(self, document: dict[str, Any]) -> None:
        told: set[str] = set()
        for _, _, operation in operations(document):
            for status, answer in operation["responses"].items():
                codes = set(re.findall(r"`(\w+)`: ", answer["description"]))
                assert {CATALOGUE[code].status.value for code in codes} <= {int(status)}
                told |= codes

        assert told == set(CATALOGUE) - WITHOUT_OPERATION


class TestRequests:
    def test_the_examples_are_taken(self, contract: Contract, document: dict[str, Any]) -> None:
        schemas = document["components"]["schemas"]
        for model in (CreateMeeting, ChangeMeeting):
            example = schemas[model.__name__]["example"]

            assert (
                contract.errors({"$ref": f"#/components/schemas/{model.__name__}"}, example) == []
            )
            parse_body(model, example, Context(NOW))

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

    def test_a_patch_has_no_defaults(self, document: dict[str, Any]) -> None:
        fields = document["components"]["schemas"]["ChangeMeeting"]["properties"]

        assert not any("default" in field for field in fields.values())

    def test_a_patch_is_a_merge_patch_or_json(self, document: dict[str, Any]) -> None:
        body = document["paths"][f"{MEETINGS}{{meeting_id}}/"]["patch"]["requestBody"]

        assert set(body["content"]) == {"application/merge-patch+json", "application/json"}

    def test_parameters_are_told(self, document: dict[str, Any]) -> None:
        def names(path: str, method: str) -> set[tuple[str, str]]:
            parameters = document["paths"][path][method]["parameters"]
            return {(parameter["in"], parameter["name"]) for parameter in parameters}

        assert {("query", "page_size"), ("query", "cursor")} <= names(MEETINGS, "get")
        assert ("header", "Prefer") in names(MEETINGS, "post")
        assert ("path", "meeting_id") in names(f"{MEETINGS}{{meeting_id}}/", "delete")


class TestContract:
    """The check that every other test relies on can fail."""

    def test_a_member_too_many_or_too_few_is_noticed(self, api: Api, contract: Contract) -> None:
        body = api.post(a_body()).json
        schema = {"$ref": "#/components/schemas/MeetingView"}

        assert contract.errors(schema, body) == []
        assert contract.errors(schema, body | {"secret": 1}) == ["secret is not documented"]
        assert contract.errors(schema, {k: v for k, v in body.items() if k != "status"})
        assert contract.errors(schema, body | {"created_at": "yesterday"})

    def test_an_operation_that_is_not_there_is_noticed(self, contract: Contract) -> None:
        with pytest.raises(AssertionError):
            contract.operation(MEETINGS, "DELETE")
