"""Responses with a JSON body: a resource by itself has an ETag, and 304 where it is known."""

from flask import Response, request
from pydantic import BaseModel

from functions.api import etags


def json_page(view: BaseModel) -> Response:
    return Response(view.model_dump_json(), mimetype="application/json")


def resource(
    view: BaseModel, status: int = 200, *, location: str | None = None, revision: int | None = None
) -> Response:
    """Return a resource, or 304 where the caller has it."""
    body = view.model_dump_json()
    tag = etags.of(body, revision)
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag):
        response = _empty(304)
    else:
        response = Response(body, status, mimetype="application/json")
    response.set_etag(tag)
    if location is not None:
        response.headers["Location"] = location
    return response


def no_content() -> Response:
    return _empty(204)


def _empty(status: int) -> Response:
    response = Response(status=status)
    # Flask's default names a type of what is not there.
    del response.headers["Content-Type"]
    return response
