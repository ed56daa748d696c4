"""What a failure of Firestore or Cloud Tasks is called, and what to do about it."""

import pytest
from google.api_core import exceptions
from google.auth.exceptions import DefaultCredentialsError, RefreshError

from functions.errors import PermanentError, RetryableError, UpstreamError
from infra.grpc_errors import translated


@pytest.mark.parametrize(
    ("raised", "kind", "code"),
    [
        (exceptions.Forbidden("x"), PermanentError, "store_refuses"),
        (exceptions.NotFound("x"), PermanentError, "store_refuses"),
        (exceptions.ServiceUnavailable("x"), RetryableError, "store_unavailable"),
        (exceptions.RetryError("x", None), RetryableError, "store_unavailable"),
        (DefaultCredentialsError("x"), PermanentError, "credentials_missing"),
        (RefreshError("x"), PermanentError, "credentials_missing"),
    ],
)
def test_each_has_a_class_and_a_code(
    raised: Exception, kind: type[UpstreamError], code: str
) -> None:
    with pytest.raises(kind) as caught, translated("store", "It refuses.", "It is away."):
        raise raised

    assert caught.value.code == code


def test_who_has_no_credentials_is_told_how_to_get_them() -> None:
    with pytest.raises(PermanentError) as caught, translated("store", "It refuses.", "Away."):
        raise DefaultCredentialsError("x")

    assert "gcloud auth application-default login" in caught.value.detail
