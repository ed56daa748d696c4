"""What HTTP itself asks for: `Accept`, methods, paths."""

import pytest

from tests.api.caller import MEETINGS, Api, a_body

ONE = f"{MEETINGS}{'f' * 32}/"


class TestAccept:
    @pytest.mark.parametrize(
        "accept",
        [
            "*/*",
            "application/*",
            "application/json",
            "application/problem+json",
            "application/json; charset=utf-8",
            "application/json;version=1;q=0.5",
            "text/html, application/json;q=0.1",
            "text/html, */*;q=0.1",
            "APPLICATION/JSON",
            "",
        ],
    )
    def test_json_is_what_there_is(self, api: Api, accept: str) -> None:
        assert api.get(MEETINGS, headers={"Accept": accept}).status == 200

    @pytest.mark.parametrize(
        "accept",
        ["text/html", "application/xml", "application/json;q=0", "text/*, image/png", "nonsense"],
    )
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", MEETINGS),
            ("POST", MEETINGS),
            ("GET", ONE),
            ("PATCH", ONE),
            ("DELETE", ONE),
            ("GET", "/api/v1/health/"),
            ("GET", "/api/v1/ready/"),
            ("GET", "/api/v1/schema/"),
        ],
    )
    def test_who_takes_no_json_gets_nothing_done(
        self, api: Api, method: str, path: str, accept: str
    ) -> None:
        answer = api.send(method, path, headers={"Accept": accept}, json=a_body())

        assert answer.status == 406
        assert answer.json["code"] == "not_acceptable"
        assert api.store.asked == []


class TestMethods:
    @pytest.mark.parametrize(
        ("path", "allow"),
        [
            (MEETINGS, {"GET", "HEAD", "OPTIONS", "POST"}),
            (ONE, {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH"}),
            (f"{MEETINGS}x/", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH"}),
            ("/api/v1/health/", {"GET", "HEAD", "OPTIONS"}),
            ("/api/v1/ready/", {"GET", "HEAD", "OPTIONS"}),
            ("/api/v1/schema/", {"GET", "HEAD", "OPTIONS"}),
            ("/api/v1/docs/", {"GET", "HEAD", "OPTIONS"}),
            ("/api/v1/redoc/", {"GET", "HEAD", "OPTIONS"}),
        ],
    )
    @pytest.mark.parametrize("end", ["/", ""])
    def test_a_wrong_one_is_told_the_right_ones(
        self, api: Api, path: str, allow: set[str], end: str
    ) -> None:
        for method in {"POST", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"} - allow:
            answer = api.send(method, path.removesuffix("/") + end, json=a_body())

            assert answer.status == 405
            assert answer.json["code"] == "method_not_allowed"
            assert set(answer.headers["Allow"].split(", ")) == allow
        assert api.store.asked == []

    @pytest.mark.parametrize("path", [MEETINGS, ONE])
    def test_options_tells_them_too(self, api: Api, path: str) -> None:
        answer = api.send("OPTIONS", path)

        assert answer.status == 200
        assert "GET" in answer.headers["Allow"].split(", ")

    def test_head_is_get_without_a_body(self, api: Api) -> None:
        assert api.send("HEAD", MEETINGS).status == 200


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/api",
            "/api/",
            "/api/v1",
            "/api/v1/",
            "/api/v2/meetings/",
            "/API/V1/meetings/",
            "/api/v1/meeting/",
            "/api/v1/meetings//",
            "/api/v1//meetings/",
            "//api/v1/meetings/",
            "/api/v1/health//",
            f"{ONE}x/",
            f"{ONE}videos/",
            "/favicon.ico",
            "/.env",
            "/api/v1/assets/",
            "/api/v1/assets/../docs.js",
            "/api/v1/assets/%2e%2e%2fapi%2f__init__.py",
            "/%00",
            "/%ff",
            "/ñ",
            "/" + "x" * 8000,
        ],
    )
    def test_an_unknown_one(self, api: Api, path: str) -> None:
        answer = api.get(path, headers={"Accept": "text/html"}, json={})

        assert answer.status == 404
        assert answer.json["code"] == "not_found"

    @pytest.mark.parametrize("path", ["/", "/api/v1/meetings//", f"{ONE}videos/"])
    @pytest.mark.parametrize("method", ["POST", "DELETE"])
    def test_an_unknown_one_with_another_method(self, api: Api, method: str, path: str) -> None:
        answer = api.send(method, path, headers={"Accept": "text/html"}, json={})

        assert (answer.status, answer.json["code"]) == (404, "not_found")

    @pytest.mark.parametrize(
        "path", ["/api/v1/meetings", "/api/v1/health", "/api/v1/ready", "/api/v1/schema"]
    )
    def test_the_last_slash_is_optional(self, api: Api, path: str) -> None:
        assert api.get(path).json == api.get(f"{path}/").json

    def test_the_last_slash_is_optional_on_one_meeting_and_for_all_methods(self, api: Api) -> None:
        path = api.post(a_body()).headers["Location"].removesuffix("/")

        assert api.get(path).status == 200
        assert api.send("PATCH", path, json={"summary": "Other"}).status == 200
        assert api.send("DELETE", path).status == 200
        assert api.send("POST", "/api/v1/meetings", json={}).status == 400

    def test_the_functions_own_name_may_stand_before_the_path(self, api: Api) -> None:
        client = api.app.test_client()

        made = client.post(f"/api{MEETINGS}", json=a_body(), headers={"Prefer": "wait=0"})

        assert made.status_code == 202
        assert made.location.startswith(f"http://localhost/api{MEETINGS}")
        assert client.get(made.location).status_code == 200
