"""A token or signature that is refused becomes what is to be done about it."""

from pathlib import Path

import pytest
from google.auth.exceptions import GoogleAuthError, RefreshError

from functions.errors import PermanentError, RetryableError, UpstreamError
from infra.credentials import DelegatedCredentials
from infra.google_errors import translate
from tests.infra.account_key import ACCOUNT
from tests.infra.google_cloud import Answer, GoogleCloud
from tests.infra.http_errors import cloud_error, judged
from tests.infra.loopback_google import LoopbackGoogle


def failure(credentials: DelegatedCredentials) -> Exception:
    with pytest.raises(GoogleAuthError) as raised:
        credentials.for_subject("ana@clinic.example", ["scope"])
    return raised.value


def token_failure(endpoint: LoopbackGoogle, folder: Path) -> Exception:
    return failure(DelegatedCredentials(key_file=endpoint.key_file(folder)))


class TestNoToken:
    @pytest.mark.parametrize(
        ("status", "error", "description", "raises", "code"),
        [
            (401, "unauthorized_client", "Client is unauthorized …", PermanentError,
             "delegation_missing"),
            (403, "access_denied", "Requested client not authorized.", PermanentError,
             "delegation_missing"),
            (403, "access_denied", "Account restricted", PermanentError, "organizer_unusable"),
            (400, "invalid_grant", "Invalid email or User ID", PermanentError,
             "organizer_unusable"),
            (400, "invalid_grant", None, PermanentError, "organizer_unusable"),
            (400, "invalid_grant", "Invalid JWT Signature.", PermanentError, "key_rejected"),
            (400, "invalid_grant", "Invalid JWT: Token must be a short-lived token",
             PermanentError, "key_rejected"),
            (400, "invalid_grant", "Invalid grant: account not found", PermanentError,
             "key_rejected"),
            (401, "invalid_client", "The OAuth client was not found.", PermanentError,
             "key_rejected"),
            (400, "invalid_scope", "…", PermanentError, "scope_missing"),
            (400, "org_internal", "…", PermanentError, "token_refused"),
        ],
    )  # fmt: skip
    def test_the_token_endpoints_word_decides(
        self,
        google: LoopbackGoogle,
        tmp_path: Path,
        status: int,
        error: str,
        description: str | None,
        raises: type[UpstreamError],
        code: str,
    ) -> None:
        answer = status, {"error": error, "error_description": description}
        google.token_answers.append(answer)

        assert judged(translate(token_failure(google, tmp_path))) == (raises, code)

    def test_what_the_library_calls_retryable_is_tried_again(self) -> None:
        error = RefreshError("x", {"error": "internal_failure"}, retryable=True)

        assert judged(translate(error)) == (RetryableError, "google_unavailable")

    def test_a_gateways_page_is_tried_again(self, google: LoopbackGoogle, tmp_path: Path) -> None:
        google.token_answers.append((502, b"<html>Bad Gateway</html>"))

        error = translate(token_failure(google, tmp_path))

        assert judged(error) == (RetryableError, "google_unreachable")

    def test_no_token_endpoint_is_tried_again(self, tmp_path: Path) -> None:
        nobody = LoopbackGoogle("http://127.0.0.1:1")

        error = translate(token_failure(nobody, tmp_path))

        assert judged(error) == (RetryableError, "google_unreachable")

    def test_a_missing_key_file_is_for_somebody_to_mend(self, tmp_path: Path) -> None:
        error = translate(failure(DelegatedCredentials(key_file=str(tmp_path / "none.json"))))

        assert judged(error) == (PermanentError, "credentials_missing")


@pytest.mark.usefixtures("no_credentials_in_sight")
class TestNoSignature:
    @pytest.mark.parametrize(
        ("status", "reason", "raises", "code"),
        [
            (403, "IAM_PERMISSION_DENIED", PermanentError, "signing_forbidden"),
            (403, "SERVICE_DISABLED", PermanentError, "signing_api_disabled"),
            (404, "NOT_FOUND", PermanentError, "signing_account_not_found"),
            (429, "RATE_LIMIT_EXCEEDED", RetryableError, "google_unavailable"),
        ],
    )
    def test_status_and_reason_decide(
        self, status: int, reason: str, raises: type[UpstreamError], code: str
    ) -> None:
        cloud = GoogleCloud(Answer(status, cloud_error(status, reason).content))

        error = translate(failure(DelegatedCredentials(ACCOUNT, request=cloud)))

        assert judged(error) == (raises, code)
        if code == "signing_forbidden":
            assert "roles/iam.serviceAccountTokenCreator" in error.detail
