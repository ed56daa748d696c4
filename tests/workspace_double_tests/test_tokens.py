"""Who is given a token of a user, with a key file and without, and who is refused one."""

import time
from typing import Any

import pytest
import requests
from google.auth import iam, impersonated_credentials
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.oauth2 import service_account

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import calendar_client, delegated_credentials
from tests.workspace_double.double import CALENDAR_EVENTS, SERVICE_ACCOUNT
from tests.workspace_double.oauth import GOOGLE_TOKEN_URI
from tests.workspace_double_tests.calendar_calls import DOCTOR, LIST, TOKEN, Events

CALENDAR = "https://www.googleapis.com/auth/calendar"


class TestTokens:
    def refused(self, double: WorkspaceDouble, error: str, **options: Any) -> RefreshError:
        credentials = delegated_credentials(double, options.pop("user", DOCTOR), **options)
        with pytest.raises(RefreshError, match=error) as caught:
            credentials.refresh(double.iam_request())
        assert not caught.value.retryable
        return caught.value

    def test_a_token_is_for_an_hour_and_used_again(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        events.list()
        events.list()

        assert double.token_calls == 1
        credentials = delegated_credentials(double, DOCTOR)
        credentials.refresh(double.iam_request())
        token = double.oauth.find(str(credentials.token))
        assert token is not None
        assert token.subject == DOCTOR
        assert 3500 < token.expires_at - time.time() <= 3600

    def test_an_ungranted_scope_fails_whole(self, double: WorkspaceDouble) -> None:
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])

        self.refused(double, "unauthorized_client", scopes=(CALENDAR_EVENTS, CALENDAR))

        assert double.calls == [(TOKEN, 401)]

    def test_no_delegation_at_all(self, double: WorkspaceDouble) -> None:
        self.refused(double, "unauthorized_client")

    def test_a_scope_that_is_none(self, double: WorkspaceDouble) -> None:
        self.refused(double, "invalid_scope", scopes=(CALENDAR_EVENTS + "s",))
        self.refused(double, "invalid_scope", scopes=())

    def test_unknown_and_suspended_users(self, double: WorkspaceDouble) -> None:
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])
        double.add_user("gone@clinic.example", suspended=True)

        self.refused(double, "invalid_grant.*Invalid email", user="nobody@clinic.example")
        self.refused(double, "invalid_grant.*Invalid email", user="gone@clinic.example")

    def test_an_unknown_service_account(self, double: WorkspaceDouble) -> None:
        credentials = delegated_credentials(double, DOCTOR)
        credentials._service_account_email = "other@clinic-project.iam.gserviceaccount.com"

        with pytest.raises(RefreshError, match="account not found"):
            credentials.refresh(double.iam_request())

    def test_a_signature_of_another_key(self, double: WorkspaceDouble) -> None:
        key = double.service_account_key("other@clinic-project.iam.gserviceaccount.com")
        credentials = service_account.Credentials.from_service_account_info(
            {**key, "client_email": SERVICE_ACCOUNT}, scopes=[CALENDAR_EVENTS], subject=DOCTOR
        )
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])

        with pytest.raises(RefreshError, match="invalid_grant"):
            credentials.refresh(double.iam_request())

    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "https://elsewhere.example/token"},
            {"iat": 1_000_000_000, "exp": 1_000_003_600},
            {"exp": int(time.time()) + 90_000},
        ],
        ids=["audience", "expired", "too long"],
    )
    def test_claims_that_do_not_hold(self, double: WorkspaceDouble, claims: dict[str, Any]) -> None:
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])
        credentials = delegated_credentials(double, DOCTOR).with_claims(claims)

        with pytest.raises(RefreshError, match="invalid_grant.*Invalid JWT"):
            credentials.refresh(double.iam_request())

    def test_another_grant_type(self, double: WorkspaceDouble) -> None:
        answer = requests.post(f"{double.url}/token", {"grant_type": "password"}, timeout=10)

        assert answer.status_code == 400
        assert answer.json()["error"] == "unsupported_grant_type"

    def test_an_expired_token_is_renewed_by_the_client(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        events.list()
        double.oauth.expire_tokens()

        events.list()

        assert double.calls == [(TOKEN, 200), (LIST, 200), (LIST, 401), (TOKEN, 200), (LIST, 200)]

    def test_a_user_suspended_later_loses_access(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        events.list()
        double.add_user(DOCTOR, suspended=True)

        with pytest.raises(RefreshError, match="invalid_grant"):
            events.list()


class TestKeyless:
    def signer_credentials(
        self, double: WorkspaceDouble, token_uri: str
    ) -> service_account.Credentials:
        source = double.source_credentials()
        signer = iam.Signer(double.iam_request(), source, SERVICE_ACCOUNT)
        return service_account.Credentials(
            signer, SERVICE_ACCOUNT, token_uri, scopes=[CALENDAR_EVENTS], subject=DOCTOR
        )

    def test_a_calendar_client_without_key(self, double: WorkspaceDouble) -> None:
        credentials = self.signer_credentials(double, double.oauth.token_uri)
        with calendar_client(double, credentials=credentials) as client:
            Events(client).insert()

        assert double.event(DOCTOR, "m00001")["organizer"]["email"] == DOCTOR
        assert (double.sign_blob_calls, double.token_calls) == (1, 1)

    def test_googles_own_token_address(self, double: WorkspaceDouble) -> None:
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])
        credentials = self.signer_credentials(double, GOOGLE_TOKEN_URI)

        credentials.refresh(double.iam_request())

        token = double.oauth.find(str(credentials.token))
        assert token is not None and token.subject == DOCTOR

    def test_impersonated_credentials_sign_a_jwt(self, double: WorkspaceDouble) -> None:
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])
        credentials = impersonated_credentials.Credentials(
            double.source_credentials(),
            SERVICE_ACCOUNT,
            target_scopes=[CALENDAR_EVENTS],
            subject=DOCTOR,
        )

        credentials.refresh(double.iam_request())

        token = double.oauth.find(str(credentials.token))
        assert token is not None and token.subject == DOCTOR
        assert double.count("iamcredentials.projects.serviceAccounts.signJwt") == 1

    def test_signing_needs_the_right_to(self, double: WorkspaceDouble) -> None:
        double.iam.forbidden.add(SERVICE_ACCOUNT)

        with pytest.raises(TransportError, match="PERMISSION_DENIED"):
            self.signer_credentials(double, GOOGLE_TOKEN_URI).refresh(double.iam_request())

    def test_nobody_signs_for_another_account(self, double: WorkspaceDouble) -> None:
        source = double.source_credentials("other@clinic-project.iam.gserviceaccount.com")
        double.oauth.register(SERVICE_ACCOUNT)
        signer = iam.Signer(double.iam_request(), source, SERVICE_ACCOUNT)

        with pytest.raises(TransportError, match="PERMISSION_DENIED"):
            signer.sign(b"x")

    def test_signing_needs_an_iam_scope(self, double: WorkspaceDouble) -> None:
        source = double.source_credentials()
        source.token = double.oauth.issue(SERVICE_ACCOUNT, SERVICE_ACCOUNT, [CALENDAR])
        signer = iam.Signer(double.iam_request(), source, SERVICE_ACCOUNT)

        with pytest.raises(TransportError, match="insufficient"):
            signer.sign(b"x")

    def test_iam_faults_are_scripted_too(self, double: WorkspaceDouble) -> None:
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])
        method = "iamcredentials.projects.serviceAccounts.signBlob"
        double.faults.add(method=method, status=429, reason="rateLimitExceeded")

        credentials = self.signer_credentials(double, GOOGLE_TOKEN_URI)
        with pytest.raises(GoogleAuthError):
            credentials.refresh(double.iam_request())

        assert double.calls == [(method, 429)]
