"""What every answer of the API must be, whatever was asked: held against its own document."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from functions import problems
from functions.api.openapi import document

JSON = "application/json"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
WITHOUT_OPERATION = {"not_found", "method_not_allowed"}


def check_headers(headers: Headers) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._~+/=:-]{1,128}", headers["X-Request-Id"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def check_problem(response: TestResponse) -> None:
    """Check that a no is a problem of RFC 9457 that says the same as its status line."""
    body: Any = response.json
    assert response.mimetype == problems.MEDIA_TYPE
    assert body["status"] == response.status_code
    assert body["type"] == f"urn:meet-middleware:problem:{body['code']}"
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == response.request.path
    assert body["request_id"] == response.headers["X-Request-Id"]


class Contract:
    """The app's OpenAPI document, to hold answers against."""

    def __init__(self, app: Flask) -> None:
        self._urls = app.url_map.bind("localhost")
        # As a caller reads it, not as it was made.
        self.document: dict[str, Any] = json.loads(json.dumps(document()))

    def check(self, response: TestResponse) -> None:
        """Check an answer's headers, status, media type and body."""
        check_headers(response.headers)
        if response.request.method in ("HEAD", "OPTIONS"):
            return
        if response.status_code in (204, 304):
            answers = self.operation(response.request.path, response.request.method)["responses"]
            answer = answers[str(response.status_code)]
            assert "content" not in answer
            assert response.data == b""
            self._check_documented(answer, response.headers)
            return
        body: Any = response.json
        is_problem = response.mimetype == problems.MEDIA_TYPE
        if is_problem or (response.status_code >= 400 and response.mimetype != JSON):
            check_problem(response)
        if is_problem and body["code"] in WITHOUT_OPERATION:
            schema: Mapping[str, Any] = PROBLEM
        else:
            schema = self._documented(response)
        assert self.errors(schema, body) == []

    def errors(self, schema: Mapping[str, Any], body: Any) -> list[str]:
        """Return what is wrong with a body, members that its schema does not know among it."""
        components = self.document["components"]
        validator = Draft202012Validator(
            {**schema, "components": components},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        found = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]
        name = str(schema.get("$ref")).rpartition("/")[2]
        known = components["schemas"].get(name, {}).get("properties", body)
        return found + [f"{member} is not documented" for member in set(body) - set(known)]

    def operation(self, path: str, method: str) -> dict[str, Any]:
        """Return what the document has for a request."""
        try:
            rule, _ = self._urls.match(path, method=method, return_rule=True)
        except HTTPException:
            raise AssertionError(f"{method} {path} is no operation") from None
        documented = re.sub(r"<(\w+)>", r"{\1}", str(rule))
        operation: dict[str, Any] = self.document["paths"][documented][method.lower()]
        return operation

    def _check_documented(self, answer: Mapping[str, Any], headers: Headers) -> None:
        """Check that all headers that came are documented, and all came that always do."""
        known: Mapping[str, Any] = self.document["components"]["headers"]
        came = {name for name in known if name in headers}
        required = {name for name in answer["headers"] if known[name]["required"]}
        assert came <= set(answer["headers"]), f"{came - set(answer['headers'])} not documented"
        assert required <= came, f"{required - came} documented, and not there"

    def _documented(self, response: TestResponse) -> Mapping[str, Any]:
        answers = self.operation(response.request.path, response.request.method)["responses"]
        status = str(response.status_code)
        assert status in answers, f"{status} is not documented"
        content = answers[status]["content"]
        assert response.mimetype in content, f"{response.mimetype} is not documented for {status}"
        documented: Mapping[str, Any] = content[response.mimetype]
        if response.mimetype == problems.MEDIA_TYPE:
            code = response.get_json()["code"]
            assert code in documented["examples"], f"{code} is not documented for {status}"
        self._check_documented(answers[status], response.headers)
        schema: Mapping[str, Any] = documented["schema"]
        return schema
