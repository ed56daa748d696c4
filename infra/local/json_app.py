"""A WSGI application whose every answer is JSON; it may be mounted under a prefix."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Routes = Mapping[str, Mapping[str, Callable[[Request], Response]]]
"""What answers at a path, by method."""


class JsonApp:
    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        methods = self._routes.get(request.path)
        if methods is None:
            response = error_answer(
                404, f"no such path: {request.path}; known paths: {', '.join(self._routes)}"
            )
        elif request.method not in methods:
            response = error_answer(405, f"{request.path} allows only {', '.join(methods)}")
            response.headers["Allow"] = ", ".join(methods)
        else:
            response = methods[request.method](request)
        return response(environ, start_response)


def json_answer(document: dict[str, object], status: int = 200) -> Response:
    return Response(json.dumps(document) + "\n", status, mimetype="application/json")


def error_answer(status: int, message: str) -> Response:
    return json_answer({"error": message}, status)
