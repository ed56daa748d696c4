"""The settings: read once, every fault named at once, never half of anything."""

from pathlib import Path

import pytest
from functions_framework._http.gunicorn import GunicornApplication

from functions.settings import Settings, SettingsError

LOCAL = {
    "GOOGLE_CLOUD_PROJECT": "clinic",
    "AUTH": "off",
    "SYNC_CALENDAR_URL": "http://localhost:8080/sync_calendar/",
    "SYNC_RECORDING_URL": "http://localhost:8080/sync_recording/",
    "CLOUD_TASKS_EMULATOR_HOST": "localhost:8123",
}
OIDC = {
    "GOOGLE_CLOUD_PROJECT": "clinic",
    "AUTH": "oidc",
    "SYNC_CALENDAR_URL": "https://sync-calendar-1.europe-west1.run.app",
    "SYNC_RECORDING_URL": "https://sync-recording-1.europe-west1.run.app",
    "SWEEP_URL": "https://sweep-1.europe-west1.run.app",
    "OIDC_ISSUERS": "https://accounts.google.com",
    "OIDC_AUDIENCES": "https://api-1.europe-west1.run.app",
    "TASKS_INVOKER_EMAIL": "Tasks@clinic.iam.gserviceaccount.com",
    "SCHEDULER_INVOKER_EMAIL": "Scheduler@clinic.iam.gserviceaccount.com",
}
LIVE = {
    "WORKSPACE_DOMAINS": "clinica.com, Clinica.ES",
    "WORKSPACE_DELEGATE": "Frontdesk@clinica.com",
    "SERVICE_ACCOUNT_EMAIL": "meet@clinic.iam.gserviceaccount.com",
}


def faults(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(environ)
    return str(raised.value).splitlines()[1:]


def test_what_is_not_set_has_a_default() -> None:
    settings = Settings.from_env(LOCAL)

    assert settings.google_cloud_project == "clinic"
    assert settings.store == "firestore"
    assert settings.firestore_database == "(default)"
    assert settings.invoker_issuer == "https://accounts.google.com"
    assert settings.rate_limit_per_minute is None
    assert not settings.livemode


def test_an_empty_value_is_one_that_is_not_set() -> None:
    empty = {"THREADS": " ", "WORKSPACE_DOMAINS": ""}

    assert Settings.from_env({**LOCAL, **empty}) == Settings.from_env(LOCAL)


def test_threads_are_as_many_as_functions_framework_takes_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("THREADS", raising=False)
    application = GunicornApplication(lambda *_: [], "127.0.0.1", 0, debug=False)

    assert Settings.from_env(LOCAL).threads == application.options["threads"]


def test_every_fault_is_named_in_one_message() -> None:
    found = faults(
        {"AUTH": "maybe", "THREADS": "0", "LOG_LEVEL": "loud", "MOCK_LINK_HOST": "nowhere"}
    )

    named = [fault.split()[1] for fault in found]
    assert named == [
        "GOOGLE_CLOUD_PROJECT",
        "AUTH",
        "SYNC_CALENDAR_URL",
        "SYNC_RECORDING_URL",
        "MOCK_LINK_HOST",
        "THREADS",
        "LOG_LEVEL",
        "TASKS_INVOKER_EMAIL",
    ]


@pytest.mark.parametrize(
    ("name", "values", "limits"),
    [
        ("THREADS", ["0", "1001", "-1", "1.5", "many", "١٦"], "from 1 to 1000"),
        ("RATE_LIMIT_PER_MINUTE", ["0", "1000000001", "-1", "9e3"], "from 1 to 1000000000"),
    ],
)
def test_a_number_must_be_one_in_its_range(name: str, values: list[str], limits: str) -> None:
    for value in values:
        [fault] = faults({**LOCAL, name: value})

        assert name in fault
        assert limits in fault


@pytest.mark.parametrize("limit", [1, 1000000000])
def test_a_callers_limit_may_be_as_low_or_high_as_the_range(limit: int) -> None:
    settings = Settings.from_env({**LOCAL, "RATE_LIMIT_PER_MINUTE": str(limit)})

    assert settings.rate_limit_per_minute == limit


@pytest.mark.parametrize(
    "name",
    ["SYNC_CALENDAR_URL", "SYNC_RECORDING_URL", "SWEEP_URL", "OIDC_ISSUERS", "INVOKER_ISSUER"],
)
@pytest.mark.parametrize(
    "url",
    ["ftp://localhost/x", "http://clinic.example/x", "localhost:8080", "https://", "http://["],
)
def test_a_url_is_https_or_on_loopback(name: str, url: str) -> None:
    [fault] = faults({**OIDC, name: url})

    assert f"{name} is {url!r}" in fault


@pytest.mark.parametrize(
    "name", ["FIRST_ADMIN_EMAIL", "TASKS_INVOKER_EMAIL", "SCHEDULER_INVOKER_EMAIL"]
)
@pytest.mark.parametrize("email", ["nobody", "@clinica.com", "a b@clinica.com", "admin@localhost"])
def test_an_address_is_one(name: str, email: str) -> None:
    [fault] = faults({**OIDC, name: email})

    assert f"{name} is not an email address" in fault


class TestWhoCalls:
    def test_all_of_it_is_read(self) -> None:
        settings = Settings.from_env(
            {
                **OIDC,
                "OIDC_ISSUERS": "https://accounts.google.com, http://localhost:8080/issuer,",
                "OIDC_AUDIENCES": "https://api.clinic.example,clinic",
                "FIRST_ADMIN_EMAIL": "Admin@clinica.com",
                "INVOKER_ISSUER": "http://localhost:8080/cloud-tasks",
            }
        )

        assert settings.auth == "oidc"
        assert settings.oidc_issuers == (
            "https://accounts.google.com",
            "http://localhost:8080/issuer",
        )
        assert settings.oidc_audiences == {"https://api.clinic.example", "clinic"}
        assert settings.first_admin_email == "admin@clinica.com"
        assert settings.tasks_invoker_email == "tasks@clinic.iam.gserviceaccount.com"
        assert settings.scheduler_invoker_email == "scheduler@clinic.iam.gserviceaccount.com"
        assert settings.sweep_url == "https://sweep-1.europe-west1.run.app"
        assert settings.invoker_issuer == "http://localhost:8080/cloud-tasks"

    def test_it_must_be_said(self) -> None:
        [fault] = faults({**LOCAL, "AUTH": ""})

        assert fault.endswith("AUTH is missing: set it to off or local or iam or oidc")

    @pytest.mark.parametrize("auth", ["local", "oidc", "iam"])
    def test_what_is_missing_is_named(self, auth: str) -> None:
        found = faults({**LOCAL, "AUTH": auth})

        assert [fault.split()[1] for fault in found if "is missing" in fault] == [
            "OIDC_ISSUERS",
            "OIDC_AUDIENCES",
            "TASKS_INVOKER_EMAIL",
            "SCHEDULER_INVOKER_EMAIL",
            "SWEEP_URL",
        ]

    def test_cloud_tasks_has_an_account_or_is_a_stand_in(self) -> None:
        [fault] = faults({**LOCAL, "CLOUD_TASKS_EMULATOR_HOST": ""})

        assert "TASKS_INVOKER_EMAIL is missing" in fault
        assert "or set CLOUD_TASKS_EMULATOR_HOST" in fault

    def test_what_is_missing_is_named_once(self) -> None:
        [fault] = faults({**OIDC, "TASKS_INVOKER_EMAIL": ""})

        assert "TASKS_INVOKER_EMAIL is missing" in fault

    @pytest.mark.parametrize("name", ["OIDC_ISSUERS", "OIDC_AUDIENCES"])
    def test_a_list_of_nothing_is_missing_too(self, name: str) -> None:
        [fault] = faults({**OIDC, name: " , "})

        assert f"{name} is missing" in fault

    def test_googles_front_end_is_trusted_only_behind_it(self) -> None:
        [fault] = faults({**OIDC, "AUTH": "iam"})

        assert "on Google Cloud only" in fault

    def test_local_tokens_are_of_an_issuer_on_loopback(self) -> None:
        local = {**OIDC, "AUTH": "local", "OIDC_ISSUERS": "http://localhost:8080/issuer"}
        mixed = f"{local['OIDC_ISSUERS']},https://accounts.google.com"

        [fault] = faults({**local, "OIDC_ISSUERS": mixed})

        assert Settings.from_env(local).auth == "local"
        assert "see OIDC_ISSUERS" in fault


class TestLiveMode:
    def test_all_of_it_makes_it_live(self) -> None:
        settings = Settings.from_env({**LOCAL, **LIVE})

        assert settings.livemode
        assert settings.workspace_domains == {"clinica.com", "clinica.es"}
        assert settings.workspace_delegate == "frontdesk@clinica.com"

    def test_a_key_file_does_instead_of_an_account(self, tmp_path: Path) -> None:
        key_file = tmp_path / "key.json"
        key_file.write_text("{}")
        without = {name: LIVE[name] for name in ("WORKSPACE_DOMAINS", "WORKSPACE_DELEGATE")}

        settings = Settings.from_env(
            {**LOCAL, **without, "GOOGLE_APPLICATION_CREDENTIALS": str(key_file)}
        )

        assert settings.livemode

    @pytest.mark.parametrize("missing", sorted(LIVE))
    def test_half_of_it_is_refused_and_the_other_half_named(self, missing: str) -> None:
        half = {name: value for name, value in LIVE.items() if name != missing}

        [fault] = faults({**LOCAL, **half})

        assert missing in fault

    def test_one_of_it_is_refused_and_both_others_named(self) -> None:
        found = faults({**LOCAL, "WORKSPACE_DOMAINS": "clinica.com"})

        assert len(found) == 2

    def test_a_key_file_that_is_not_there_is_refused(self) -> None:
        found = faults({**LOCAL, **LIVE, "GOOGLE_APPLICATION_CREDENTIALS": "/no/such/key.json"})

        assert [fault.split()[1] for fault in found] == ["GOOGLE_APPLICATION_CREDENTIALS"]

    def test_the_delegate_is_of_the_domains(self) -> None:
        [fault] = faults({**LOCAL, **LIVE, "WORKSPACE_DELEGATE": "desk@other.com"})

        assert "WORKSPACE_DELEGATE" in fault

    def test_a_domain_that_is_none_is_refused(self) -> None:
        assert any(
            "http://x" in fault
            for fault in faults({**LOCAL, **LIVE, "WORKSPACE_DOMAINS": "http://x"})
        )


class TestInTheCloud:
    CLOUD = {**OIDC, "K_SERVICE": "api"}

    @pytest.mark.parametrize("auth", ["oidc", "iam"])
    def test_callers_prove_who_they_are(self, auth: str) -> None:
        settings = Settings.from_env({**self.CLOUD, "AUTH": auth})

        assert (settings.auth, settings.in_cloud) == (auth, True)

    @pytest.mark.parametrize("seen", ["K_SERVICE", "K_REVISION", "K_CONFIGURATION"])
    def test_everybody_is_not_let_in(self, seen: str) -> None:
        [fault] = faults({**OIDC, seen: "api-00001", "AUTH": "off"})

        assert "AUTH=off" in fault

    def test_nobody_is_let_in_who_can_make_tokens_locally(self) -> None:
        issuer = {"OIDC_ISSUERS": "http://localhost:8080/issuer"}

        [fault] = faults({**self.CLOUD, **issuer, "AUTH": "local"})

        assert "AUTH=local" in fault

    def test_nobody_is_shown_the_metrics(self) -> None:
        [fault] = faults({**self.CLOUD, "PROMETHEUS": "on"})

        assert "PROMETHEUS=on" in fault

    def test_nothing_is_kept_in_memory(self) -> None:
        [fault] = faults({**self.CLOUD, "STORE": "embedded"})

        assert "STORE=embedded" in fault
