"""The pages for people: Swagger UI, ReDoc, the simulated room; all files come from packages.

Nothing comes from another host, and no script or style stands in a page.
"""

from importlib.util import find_spec
from pathlib import Path

from flask import Response, make_response, render_template, send_from_directory
from werkzeug.exceptions import NotFound

ASSETS = {
    "swagger-ui.css": ("flask_openapi3_swagger", "templates/swagger/css/swagger-ui.css"),
    "swagger-ui-bundle.js": (
        "flask_openapi3_swagger",
        "templates/swagger/js/swagger-ui-bundle.js",
    ),
    "redoc.standalone.js": ("flask_openapi3_redoc", "templates/redoc/js/redoc.standalone.js"),
    "docs.js": ("functions", "api/templates/docs.js"),
    "page.css": ("functions", "api/templates/page.css"),
}
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none';"
)
SWAGGER_POLICY = f"{POLICY} style-src 'self' 'unsafe-inline'"
REDOC_POLICY = f"{POLICY} style-src 'self' 'unsafe-inline'; worker-src blob:"
"""Both set styles on elements; ReDoc's search runs in a worker that it makes from a blob."""

ROOM_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"


def docs(_: object) -> Response:
    return _page("docs.html", SWAGGER_POLICY)


def redoc(_: object) -> Response:
    return _page("redoc.html", REDOC_POLICY)


def room(_: object, meeting_code: str) -> Response:
    return _page("simulated_room.html", ROOM_POLICY, meeting_code=meeting_code)


def asset(_: object, name: str) -> Response:
    if name not in ASSETS:
        raise NotFound
    package, path = ASSETS[name]
    file = _folder(package) / path
    return send_from_directory(file.parent, file.name, max_age=86400)


def _page(template: str, policy: str, **values: str) -> Response:
    response = make_response(render_template(template, **values))
    response.headers["Content-Security-Policy"] = policy
    return response


def _folder(package: str) -> Path:
    """Return where a package lies, without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise NotFound
    return Path(spec.origin).parent
