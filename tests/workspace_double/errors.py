"""Google's error answers: the JSON of its API front end and that of its token endpoint."""

from collections.abc import Mapping

from tests.workspace_double.messages import HttpAnswer


class ApiError(Exception):
    """An API's refusal. Calendar and Drive name a `reason`; Meet and IAM name an `rpc_status`."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        rpc_status: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain
        self.rpc_status = rpc_status
        self.headers = headers or {}

    def answer(self) -> HttpAnswer:
        error: dict[str, object] = {"code": self.status, "message": self.message}
        if self.rpc_status:
            error["status"] = self.rpc_status
        else:
            error["errors"] = [
                {"domain": self.domain, "reason": self.reason, "message": self.message}
            ]
        return HttpAnswer.of_json(self.status, {"error": error}, self.headers)


class OAuthError(Exception):
    """The token endpoint's refusal (RFC 6749 §5.2)."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.status = status
        self.error = error
        self.description = description

    def answer(self) -> HttpAnswer:
        return HttpAnswer.of_json(
            self.status, {"error": self.error, "error_description": self.description}
        )
