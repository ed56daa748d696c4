"""What every call passes, whichever API it is for.

In this order: contract, token, scopes, the API's first look, fault, hooks before, the API's
rules, hooks after, the answer. Only the look and the rules run under the lock, so a hook may call
the double again.
"""

import json
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from tests.workspace_double import contract, field_mask
from tests.workspace_double.discovery import Document, Method
from tests.workspace_double.errors import ApiError, OAuthError
from tests.workspace_double.faults import Fault, Faults, Hooks
from tests.workspace_double.messages import ConnectionDropped, HttpAnswer, HttpRequest
from tests.workspace_double.oauth import OAuth, Token, bearer_of

TOKEN_METHOD = "oauth2.token"


@dataclass(frozen=True)
class ApiCall:
    """A call that holds the contract; `user` is the acting user or service account.

    `seen` is what the API saw when the call arrived, before faults and hooks.
    """

    method_id: str
    user: str
    is_service_account: bool
    parameters: Mapping[str, Any]
    body: dict[str, Any]
    headers: Mapping[str, str]
    scopes: frozenset[str] = frozenset()
    seen: Any = None

    def has_scope(self, *names: str) -> bool:
        """Whether the token carries one of the scopes, named by their last part."""
        return any(scope.rpartition("/")[2] in names for scope in self.scopes)


Handler = Callable[[ApiCall], Any]


class Gateway:
    """Takes requests and gives answers; records calls and contract violations."""

    def __init__(self, documents: list[Document], oauth: OAuth) -> None:
        self._documents = documents
        self._oauth = oauth
        self.lock = threading.RLock()
        self.handlers: dict[str, Handler] = {}
        self.first_looks: dict[str, Handler] = {}
        self.default_fields: dict[str, str] = {}
        self.demands: contract.Demands = {}
        self.faults = Faults()
        self.hooks: Hooks[ApiCall] = Hooks()
        self.violations: list[str] = []
        self.calls: list[tuple[str, int]] = []
        self.stopping = threading.Event()

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request.

        Raises:
            ConnectionDropped: the scripted fault is that no answer arrives.
        """
        if request.path == "/token" and request.method == "POST":
            return self._token(request)
        for document in self._documents:
            found = document.find(request.method, request.path)
            if found:
                return self._call(*found, request)
        return self._violated("unknown", [f"no such method: {request.method} {request.path}"])

    def _token(self, request: HttpRequest) -> HttpAnswer:
        form = dict(parse_qsl(request.body.decode()))
        call = ApiCall(TOKEN_METHOD, "", False, form, {}, request.headers)
        return self._perform(call, lambda _: self._oauth.exchange(form))

    def _call(
        self, method: Method, path_parameters: dict[str, str], request: HttpRequest
    ) -> HttpAnswer:
        handler = self.handlers.get(method.id)
        if handler is None:
            return self._violated(method.id, ["the double does not play this method"])
        checked = contract.check(method, path_parameters, request, self.demands)
        if checked.problems:
            return self._violated(method.id, checked.problems)
        try:
            token = self._authenticate(method, request)
        except ApiError as error:
            self.calls.append((method.id, error.status))
            return error.answer(method.id)
        call = ApiCall(
            method.id,
            token.subject,
            token.subject == token.service_account,
            checked.parameters,
            checked.body,
            request.headers,
            token.scopes,
        )
        return self._perform(call, handler)

    def _authenticate(self, method: Method, request: HttpRequest) -> Token:
        text = bearer_of(request.headers.get("authorization", ""))
        token = self._oauth.find(text)
        if token is None:
            self.violations.append(f"{method.id}: missing or wrong Authorization")
        if not text:
            raise ApiError(401, "required", "Login Required.")
        if token is None or self._oauth.is_expired(token):
            raise ApiError(401, "authError", "Invalid Credentials")
        if method.scopes and not method.scopes & token.scopes:
            is_meet = method.id.startswith("meet.")
            raise ApiError(
                403,
                "ACCESS_TOKEN_SCOPE_INSUFFICIENT" if is_meet else "insufficientPermissions",
                "Request had insufficient authentication scopes.",
            )
        return token

    def _perform(self, call: ApiCall, handler: Handler) -> HttpAnswer:
        if call.method_id in self.first_looks:
            with self.lock:
                call = replace(call, seen=self.first_looks[call.method_id](call))
        fault = self.faults.take(call.method_id, call.user) or Fault()
        self.stopping.wait(fault.delay_seconds)
        if fault.reset:
            self.calls.append((call.method_id, 0))
            raise ConnectionDropped(reset=True)
        answer = fault.refusal(call.method_id, is_oauth=call.method_id == TOKEN_METHOD)
        if answer is not None:
            self.calls.append((call.method_id, answer.status))
            return answer
        self.hooks.run(call.method_id, "before", call)
        answer = self._apply(call, handler)
        self.calls.append((call.method_id, 0 if fault.lose_answer else answer.status))
        self.hooks.run(call.method_id, "after", call)
        self.stopping.wait(fault.delay_answer_seconds)
        if fault.lose_answer:
            raise ConnectionDropped(reset=False)
        if fault.malformed:
            answer = replace(answer, body=answer.body[: len(answer.body) // 2])
        if fault.corrupt:
            answer = replace(answer, body=bytes(byte ^ 1 for byte in answer.body))
        return answer

    def _apply(self, call: ApiCall, handler: Handler) -> HttpAnswer:
        try:
            with self.lock:
                content = handler(call)
                if content is None:
                    return HttpAnswer(204)
                if isinstance(content, HttpAnswer):
                    return content
                # Written out under the lock: the content may hold live state.
                fields = self.default_fields.get(call.method_id, "*")
                mask = field_mask.parse(str(call.parameters.get("fields", fields)))
                return HttpAnswer.of_json(200, field_mask.select(content, mask))
        except ApiError as error:
            return error.answer(call.method_id)
        except OAuthError as error:
            return error.answer()

    def _violated(self, method_id: str, problems: list[str]) -> HttpAnswer:
        self.violations += [f"{method_id}: {problem}" for problem in problems]
        self.calls.append((method_id, 400))
        message = "Contract violation: " + "; ".join(problems)
        return ApiError(400, "contractViolation", message).answer()

    def crashed(self) -> HttpAnswer:
        """Answer for a bug of the double or of a hook, and make the test fail."""
        self.violations.append(f"the double crashed: {traceback.format_exc()}")
        return HttpAnswer(500, json.dumps({"error": traceback.format_exc()}).encode())
