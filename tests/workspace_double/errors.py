"""Google's error answers: the JSON of its API front end and that of its token endpoint."""

from collections.abc import Mapping

from tests.workspace_double.messages import HttpAnswer

# google.rpc.Code, and the HTTP status that stands for it.
_RPC_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


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

    def answer(self, method_id: str = "") -> HttpAnswer:
        """Write the answer in the style of the API that the method belongs to."""
        error: dict[str, object] = {"code": self.status, "message": self.message}
        if self.rpc_status or method_id.startswith("meet."):
            error["status"] = self.rpc_status or _RPC_STATUS.get(self.status, "UNKNOWN")
            if self.reason.isupper():
                error["details"] = [
                    {
                        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                        "reason": self.reason,
                        "domain": "googleapis.com",
                        "metadata": {"service": "meet.googleapis.com"},
                    }
                ]
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
