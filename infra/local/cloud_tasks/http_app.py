"""The HTTP side of the stand-in: its OIDC keys for receivers, and faults for people.

GET /.well-known/openid-configuration    GET /jwks    GET, PUT, DELETE /faults
"""

import dataclasses
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from infra.local.cloud_tasks.faults import Faults
from infra.local.cloud_tasks.oidc import OidcIssuer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class HttpApp:
    """A WSGI application that answers in JSON and may be mounted under a prefix."""

    def __init__(self, issuer: OidcIssuer, faults: Faults) -> None:
        self._faults = faults
        self._routes: dict[str, dict[str, Callable[[Request], Response]]] = {
            "/.well-known/openid-configuration": {"GET": lambda _: _json(issuer.configuration())},
            "/jwks": {"GET": lambda _: _json(issuer.jwks())},
            "/faults": {
                "GET": self._show_faults,
                "PUT": self._replace_faults,
                "DELETE": self._clear_faults,
            },
        }

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        methods = self._routes.get(request.path)
        if methods is None:
            response = _error(
                404, f"no such path: {request.path}; known paths: {', '.join(self._routes)}"
            )
        elif request.method not in methods:
            response = _error(405, f"{request.path} allows only {', '.join(methods)}")
            response.headers["Allow"] = ", ".join(methods)
        else:
            response = methods[request.method](request)
        return response(environ, start_response)

    def _show_faults(self, request: Request) -> Response:
        return _json(dataclasses.asdict(self._faults.plan))

    def _replace_faults(self, request: Request) -> Response:
        try:
            faults = json.loads(request.get_data())
            if not isinstance(faults, dict):
                raise ValueError("the body must be a JSON object")
            self._faults.replace(**faults)
        except ValueError as error:
            return _error(400, str(error))
        return self._show_faults(request)

    def _clear_faults(self, request: Request) -> Response:
        self._faults.clear()
        return self._show_faults(request)


def _json(document: dict[str, object], status: int = 200) -> Response:
    return Response(json.dumps(document) + "\n", status, mimetype="application/json")


def _error(status: int, message: str) -> Response:
    return _json({"error": message}, status)
