"""The HTTP side of the stand-in: its OIDC keys for receivers, and faults for people.

GET /.well-known/openid-configuration    GET /jwks    GET, PUT, DELETE /faults
"""

import dataclasses
import json

from werkzeug.wrappers import Request, Response

from infra.local.cloud_tasks.faults import Faults
from infra.local.json_app import JsonApp, error_answer, json_answer
from infra.local.oidc_issuer import OidcIssuer, issuer_routes


class HttpApp(JsonApp):
    def __init__(self, issuer: OidcIssuer, faults: Faults) -> None:
        self._faults = faults
        of_faults = {
            "GET": self._show_faults,
            "PUT": self._replace_faults,
            "DELETE": self._clear_faults,
        }
        super().__init__({**issuer_routes(issuer), "/faults": of_faults})

    def _show_faults(self, request: Request) -> Response:
        return json_answer(dataclasses.asdict(self._faults.plan))

    def _replace_faults(self, request: Request) -> Response:
        try:
            faults = json.loads(request.get_data())
            if not isinstance(faults, dict):
                raise ValueError("the body must be a JSON object")
            self._faults.replace(**faults)
        except ValueError as error:
            return error_answer(400, str(error))
        return self._show_faults(request)

    def _clear_faults(self, request: Request) -> Response:
        self._faults.clear()
        return self._show_faults(request)
