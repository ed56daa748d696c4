"""How one attempt ended."""

from dataclasses import dataclass

import grpc

STATUS_BY_HTTP_CODE = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.NOT_FOUND,
    409: grpc.StatusCode.ABORTED,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    499: grpc.StatusCode.CANCELLED,
    500: grpc.StatusCode.INTERNAL,
    501: grpc.StatusCode.UNIMPLEMENTED,
    503: grpc.StatusCode.UNAVAILABLE,
    504: grpc.StatusCode.DEADLINE_EXCEEDED,
}
"""https://cloud.google.com/apis/design/errors#handling_errors"""


@dataclass(frozen=True, slots=True)
class Outcome:
    status_code: int | None
    """None where there was no answer, or no complete one; `error` then says why."""
    retry_after: str | None = None
    error: str = ""
    was_cut: bool = False
    """Whether it was cut off, as at the dispatch deadline."""

    @property
    def succeeded(self) -> bool:
        """Whether the task is done: only after 2xx."""
        return self.status_code is not None and 200 <= self.status_code <= 299

    @property
    def status(self) -> grpc.StatusCode:
        """The gRPC status under which Google files this outcome."""
        if self.succeeded:
            return grpc.StatusCode.OK
        if self.status_code is None:
            if self.was_cut:
                return grpc.StatusCode.DEADLINE_EXCEEDED
            return grpc.StatusCode.UNAVAILABLE
        return STATUS_BY_HTTP_CODE.get(self.status_code, grpc.StatusCode.UNKNOWN)

    def __str__(self) -> str:
        """Return it as Google words the status of a task's last attempt."""
        number, _ = self.status.value
        reason = self.error or f"HTTP status code {self.status_code}"
        return f"{self.status.name}({number}): {reason}"
