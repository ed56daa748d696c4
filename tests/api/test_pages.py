"""docs/, redoc/ and the simulated room: pages that need no other host and hold no script."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.api.caller import Api

DOCUMENTATION = ["/api/v1/docs/", "/api/v1/redoc/"]
ROOM = "/simulated-rooms/abc-defg-hij/"


class Page(HTMLParser):
    """What a page loads, and what stands in it that a strict policy forbids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.inline: list[str] = []
        self._in_script_or_style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script_or_style = tag in ("script", "style")
        for name, value in attrs:
            if name in ("src", "href", "spec-url", "data-schema") and value != "data:,":
                self.urls.append(value or "")
            if name.startswith("on") or name == "style":
                self.inline.append(name)

    def handle_endtag(self, tag: str) -> None:
        self._in_script_or_style = False

    def handle_data(self, data: str) -> None:
        if self._in_script_or_style and data.strip():
            self.inline.append(data)


@pytest.fixture
def client(api: Api) -> FlaskClient:
    return api.app.test_client()


@pytest.mark.parametrize("path", [*DOCUMENTATION, ROOM])
class TestEveryPage:
    def test_it_is_a_page_for_people(self, client: FlaskClient, path: str) -> None:
        response = client.get(path, headers={"Accept": "text/html"})

        assert response.status_code == 200
        assert response.content_type == "text/html; charset=utf-8"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Request-Id"]
        assert client.get(path.removesuffix("/")).data == response.data

    def test_whatever_it_loads_is_served_by_the_app_itself(
        self, client: FlaskClient, path: str
    ) -> None:
        page = Page(client.get(path).text)

        assert page.urls
        for url in page.urls:
            assert urlsplit(url).netloc == ""
            loaded = client.get(urljoin(path, url))
            assert loaded.status_code == 200
            assert loaded.content_length
            loaded.close()

    def test_no_script_or_style_stands_in_it(self, client: FlaskClient, path: str) -> None:
        assert Page(client.get(path).text).inline == []

    def test_its_policy_lets_in_nothing_else(self, client: FlaskClient, path: str) -> None:
        policy = client.get(path).headers["Content-Security-Policy"]

        directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part)
        assert directives["default-src"] == "'none'"
        assert directives.get("script-src", "'none'") in ("'self'", "'none'")
        assert directives["frame-ancestors"] == "'none'"
        assert "http" not in policy
        assert "*" not in policy


class TestDocumentation:
    @pytest.mark.parametrize("path", DOCUMENTATION)
    def test_it_shows_the_schema(self, client: FlaskClient, path: str) -> None:
        assert "/api/v1/schema/" in Page(client.get(path).text).urls

    def test_the_schema_is_found_behind_a_functions_name_too(self, client: FlaskClient) -> None:
        page = Page(client.get("/api/api/v1/redoc/").text)

        assert "/api/api/v1/schema/" in page.urls


class TestAssets:
    def test_they_may_be_kept_for_a_day(self, client: FlaskClient) -> None:
        response = client.get("/api/v1/assets/docs.js")

        assert response.cache_control.max_age == 86400
        assert response.mimetype == "text/javascript"
        response.close()

    def test_no_style_sheet_loads_from_elsewhere(self, client: FlaskClient) -> None:
        for name in ("swagger-ui.css", "page.css"):
            response = client.get(f"/api/v1/assets/{name}")
            urls = re.findall(r"(?:url\(|@import)\s*['\"]?([^'\")\s]+)", response.text)

            assert [url for url in urls if not url.startswith("data:")] == []
            response.close()

    @pytest.mark.parametrize("name", ["nothing.js", "docs.html", "..%2fopenapi.py", "%00"])
    def test_only_those_that_are_named(self, api: Api, name: str) -> None:
        assert api.get(f"/api/v1/assets/{name}").json["code"] == "not_found"


class TestSimulatedRoom:
    def test_it_says_that_it_is_one(self, client: FlaskClient) -> None:
        text = client.get(ROOM).text

        assert "Simulated room" in text
        assert "abc-defg-hij" in text
        assert "livemode" in text

    def test_its_code_is_shown_as_text(self, client: FlaskClient) -> None:
        text = client.get("/simulated-rooms/<script>alert(1)").text

        assert "&lt;script&gt;" in text
        assert "<script>" not in text
