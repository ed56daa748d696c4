"""The `api` function: a Flask app behind one HTTP function, the only one strangers can call."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, g, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

from functions.api.routes import ROUTES, Route
from functions.errors import Fault, InvalidRequest
from functions.web import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from functions.api.operations import Operation
    from functions.api.services import Services

__all__ = ["api_app"]


def api_app(services: Callable[[], "Services"]) -> Flask:
    """Return the app; the services are made when a request needs them."""
    app = create_app("api")
    app.template_folder = str(Path(__file__).with_name("templates"))
    for route in ROUTES:
        view = _view(route, services)
        app.add_url_rule(route.path, route.view, view, methods=[route.method])
    app.wsgi_app = _without_function_name(app.wsgi_app, "/api")  # type: ignore[assignment,method-assign]
    return app


def _view(route: Route, services: Callable[[], "Services"]) -> Callable[..., Any]:
    def view(**arguments: str) -> Any:
        _require_accepted(route.media_types)
        called = route.load()
        if route.roles is not None:
            g.caller = services().authenticator.admit(request.headers, route.roles)
            _refuse_parameters(vars(called)["operation"])
        return called(services, **arguments)

    return view


def _refuse_parameters(operation: "Operation") -> None:
    """Refuse a query where none is taken: a `validate_only` that is not heard would do harm."""
    if request.args and operation.query is None:
        message = "There is no such parameter; there are none."
        raise InvalidRequest([Fault(name, "unknown_field", message) for name in request.args])


def _require_accepted(media_types: tuple[str, ...]) -> None:
    accepted = request.accept_mimetypes
    # Without their parameters: `application/json; charset=utf-8` is what many clients send.
    plain = MIMEAccept([(kind.partition(";")[0].strip(), quality) for kind, quality in accepted])
    if media_types and plain and not plain.best_match(media_types):
        raise NotAcceptable


def _without_function_name(app: "WSGIApplication", name: str) -> "WSGIApplication":
    """Take the function's name off the path: not every front end of Google's does.

    https://github.com/GoogleCloudPlatform/functions-framework-python/issues/54
    """

    def middleware(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(f"{name}{name}/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + name
            environ["PATH_INFO"] = path.removeprefix(name)
        return app(environ, start)

    return middleware
