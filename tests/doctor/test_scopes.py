"""Each delegated scope is asked for by itself, as the organizer or the delegate."""

import pytest

from functions.doctor import CheckOutcome
from infra.credentials import DelegatedCredentials
from tests.doctor.clinic import ALWAYS, ANA, DELEGATE, ON_REQUEST, SCOPES, Clinic, outcomes
from tests.workspace_double.double import SERVICE_ACCOUNT


class TestEachScope:
    def test_all_that_are_granted_are_ok(self, clinic: Clinic) -> None:
        clinic.environ |= ON_REQUEST

        checks = clinic.examine_workspace()

        assert outcomes(checks, "ok") == {*SCOPES, "recording_bucket"} == set(checks)
        assert clinic.workspace.token_calls == len(SCOPES)

    @pytest.mark.parametrize("name", SCOPES)
    def test_one_that_is_missing_fails_alone_and_is_named(self, clinic: Clinic, name: str) -> None:
        clinic.environ |= ON_REQUEST
        clinic.workspace.revoke(SERVICE_ACCOUNT, [SCOPES[name]])

        checks = clinic.examine_workspace()

        assert outcomes(checks, "failed") == {name}
        assert outcomes(checks, "ok") == {*SCOPES, "recording_bucket"} - {name}
        assert checks[name].code == "delegation_missing"
        detail = checks[name].detail or ""
        assert detail.startswith(f"Missing: {SCOPES[name]} — ")
        assert "API controls > Domain-wide delegation" in detail

    def test_what_no_setting_needs_is_not_asked_for(self, clinic: Clinic) -> None:
        checks = clinic.examine_workspace()

        assert outcomes(checks, "ok") == ALWAYS
        assert {name: checks[name].code for name in outcomes(checks, "skipped")} == {
            "auth/meetings.space.settings": "not_wanted",
            "auth/drive": "not_wanted",
            "recording_bucket": "not_wanted",
        }
        assert clinic.workspace.token_calls == len(ALWAYS)

    def test_an_access_type_needs_the_scope_for_settings_too(self, clinic: Clinic) -> None:
        clinic.environ["SPACE_ACCESS_TYPE"] = "trusted"

        checks = clinic.examine_workspace()

        assert "auth/meetings.space.settings" in outcomes(checks, "ok")


class TestWhoIsAskedFor:
    @pytest.mark.parametrize("organizer", [ANA, "Ana@Clinic.Example"])
    def test_an_organizer_of_the_domain(self, clinic: Clinic, organizer: str) -> None:
        clinic.workspace.add_user(DELEGATE, suspended=True)

        checks = clinic.examine_workspace(organizer)

        assert outcomes(checks, "ok") == ALWAYS
        assert "organizer" not in checks

    @pytest.mark.parametrize("organizer", [None, "leo@elsewhere.example"])
    def test_else_the_delegate_and_it_is_said(self, clinic: Clinic, organizer: str | None) -> None:
        clinic.workspace.add_user(ANA, suspended=True)

        checks = clinic.examine_workspace(organizer)

        assert outcomes(checks, "ok") == ALWAYS
        assert checks["organizer"].outcome is CheckOutcome.SKIPPED
        assert checks["organizer"].code == "delegate_checked"

    @pytest.mark.parametrize("organizer", [ANA, None])
    def test_whose_account_is_suspended(self, clinic: Clinic, organizer: str | None) -> None:
        clinic.workspace.add_user(organizer or DELEGATE, suspended=True)

        checks = clinic.examine_workspace(organizer)

        assert outcomes(checks, "failed") == ALWAYS
        for name in ALWAYS:
            assert checks[name].code == "organizer_unusable"
            assert "Directory > Users" in (checks[name].detail or "")

    def test_whose_account_does_not_exist(self, clinic: Clinic) -> None:
        checks = clinic.examine_workspace("nobody@clinic.example")

        assert {checks[name].code for name in ALWAYS} == {"organizer_unusable"}


class TestTheAccountItself:
    @pytest.fixture
    def keyless(self, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> DelegatedCredentials:
        """The account that has the delegation, which signs by IAM for itself."""
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(clinic.key_file))
        request = clinic.workspace.iam_request()
        return DelegatedCredentials(SERVICE_ACCOUNT, request=request)

    def test_signs_without_a_key(self, clinic: Clinic, keyless: DelegatedCredentials) -> None:
        checks = clinic.examine_workspace(credentials=keyless)

        assert outcomes(checks, "ok") == ALWAYS
        assert clinic.workspace.sign_blob_calls == len(ALWAYS)

    def test_may_not_sign(self, clinic: Clinic, keyless: DelegatedCredentials) -> None:
        clinic.workspace.iam.forbidden.add(SERVICE_ACCOUNT)

        checks = clinic.examine_workspace(credentials=keyless)

        assert outcomes(checks, "failed") == ALWAYS
        for name in ALWAYS:
            assert checks[name].code == "signing_forbidden"
            assert "roles/iam.serviceAccountTokenCreator" in (checks[name].detail or "")

    def test_has_a_key_file_that_is_none(self, clinic: Clinic) -> None:
        clinic.key_file.write_text("{}")

        checks = clinic.examine_workspace()

        assert {checks[name].code for name in ALWAYS} == {"credentials_missing"}
