"""What a failed call of Google's gRPC clients means here, for Firestore and Cloud Tasks alike."""

from collections.abc import Iterator
from contextlib import contextmanager

from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError

from functions.errors import PermanentError, RetryableError

FAILURES = (exceptions.GoogleAPICallError, exceptions.RetryError, GoogleAuthError)
PERMANENT = (
    GoogleAuthError,
    exceptions.FailedPrecondition,
    exceptions.Forbidden,
    exceptions.InvalidArgument,
    exceptions.NotFound,
    exceptions.Unauthenticated,
)


@contextmanager
def translated(service: str, refused: str, unavailable: str) -> Iterator[None]:
    """Raise the house error for one of Google's: `<service>_refuses` or `<service>_unavailable`."""
    try:
        yield
    except FAILURES as error:
        if isinstance(error, PERMANENT):
            raise PermanentError(f"{service}_refuses", refused) from error
        raise RetryableError(f"{service}_unavailable", unavailable) from error
