"""What a failed call of Google's gRPC clients means here, for Firestore and Cloud Tasks alike."""

from collections.abc import Iterator
from contextlib import contextmanager

from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError

from functions.errors import PermanentError, RetryableError
from infra.google_errors import CREDENTIALS_MISSING

FAILURES = (exceptions.GoogleAPICallError, exceptions.RetryError, GoogleAuthError)
PERMANENT = (
    exceptions.FailedPrecondition,
    exceptions.Forbidden,
    exceptions.InvalidArgument,
    exceptions.NotFound,
    exceptions.Unauthenticated,
)


@contextmanager
def translated(service: str, refused: str, unavailable: str) -> Iterator[None]:
    """Raise the house error for one of Google's.

    The codes are `<service>_refuses`, `<service>_unavailable` and `credentials_missing`.
    """
    try:
        yield
    except FAILURES as error:
        if isinstance(error, GoogleAuthError):
            raise PermanentError("credentials_missing", CREDENTIALS_MISSING) from error
        if isinstance(error, PERMANENT):
            raise PermanentError(f"{service}_refuses", refused) from error
        raise RetryableError(f"{service}_unavailable", unavailable) from error
