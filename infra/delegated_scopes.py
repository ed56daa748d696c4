"""Whether domain-wide delegation has been granted, for one scope at a time."""

from infra.credentials import DelegatedCredentials
from infra.google_errors import translate


def require_scope(credentials: DelegatedCredentials, subject: str, scope: str) -> None:
    """Have a token of this user minted for this scope alone, unless there is one.

    Raises:
        UpstreamError: Google gives none; where the delegation lacks it, the detail names the scope.
    """
    try:
        credentials.for_subject(subject, {scope})
    except Exception as error:
        failure = translate(error)
        if failure.code in ("delegation_missing", "scope_missing"):
            raise type(failure)(failure.code, f"Missing: {scope} — {failure.detail}") from error
        raise failure from error
