"""The entry points, one for each kind of caller; the deployment names them."""

import functions_framework
from flask import Request
from werkzeug.wrappers import Response

from functions.bootstrap import product

# Faults in the settings end the process here, at its start, and not at a caller's first request.
product()


@functions_framework.http
def api(request: Request) -> Response:
    return Response.from_app(product().api(), request.environ)


@functions_framework.http
def sync_calendar(request: Request) -> Response:
    return Response.from_app(product().sync_calendar(), request.environ)


@functions_framework.http
def sync_recording(request: Request) -> Response:
    return Response.from_app(product().sync_recording(), request.environ)


@functions_framework.http
def sweep(request: Request) -> Response:
    return Response.from_app(product().sweep(), request.environ)
