"""The settings: read once, every fault named at once, never half of anything."""

from pathlib import Path

import pytest
from functions_framework._http.gunicorn import GunicornApplication

from functions.settings import Settings, SettingsError

LOCAL = {
    "GOOGLE_CLOUD_PROJECT": "clinic",
    "AUTH": "off",
    "SYNC_CALENDAR_URL": "http://localhost:8080/sync_calendar/",
    "CLOUD_TASKS_EMULATOR_HOST": "localhost:8123",
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
        "MOCK_LINK_HOST",
        "THREADS",
        "LOG_LEVEL",
        "TASKS_INVOKER_EMAIL",
    ]


@pytest.mark.parametrize("threads", ["0", "1001", "-1", "1.5", "many", "١٦"])
def test_a_number_must_be_one_in_its_range(threads: str) -> None:
    [fault] = faults({**LOCAL, "THREADS": threads})

    assert "1 to 1000" in fault


@pytest.mark.parametrize(
    "url",
    ["ftp://localhost/x", "http://clinic.example/x", "localhost:8080", "https://", "http://["],
)
def test_the_workers_url_is_https_or_on_loopback(url: str) -> None:
    [fault] = faults({**LOCAL, "SYNC_CALENDAR_URL": url})

    assert "SYNC_CALENDAR_URL" in fault


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
    CLOUD = {
        "K_SERVICE": "api",
        "GOOGLE_CLOUD_PROJECT": "clinic",
        "SYNC_CALENDAR_URL": "https://sync-calendar-1.europe-west1.run.app",
        "TASKS_INVOKER_EMAIL": "invoker@clinic.iam.gserviceaccount.com",
    }

    @pytest.mark.parametrize("seen", ["K_SERVICE", "K_REVISION", "K_CONFIGURATION"])
    def test_everybody_is_not_let_in(self, seen: str) -> None:
        environ = {name: value for name, value in self.CLOUD.items() if name != "K_SERVICE"}

        [fault] = faults({**environ, seen: "api-00001", "AUTH": "off"})

        assert "AUTH=off" in fault

    @pytest.mark.parametrize(
        "name", ["FIRESTORE_EMULATOR_HOST", "CLOUD_TASKS_EMULATOR_HOST", "CALENDAR_ENDPOINT"]
    )
    def test_nothing_stands_in_for_google(self, name: str) -> None:
        value = "http://localhost:1" if name == "CALENDAR_ENDPOINT" else "localhost:1"

        found = faults({**self.CLOUD, "AUTH": "off", name: value})

        assert any(name in fault for fault in found)

    def test_nothing_is_kept_in_memory(self) -> None:
        found = faults({**self.CLOUD, "AUTH": "off", "STORE": "embedded"})

        assert any("STORE=embedded" in fault for fault in found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIRESTORE_EMULATOR_HOST", "firestore.googleapis.com:443"),
        ("CLOUD_TASKS_EMULATOR_HOST", "10.0.0.7:8123"),
        ("CALENDAR_ENDPOINT", "https://www.googleapis.example"),
        ("CALENDAR_ENDPOINT", "http://localhost.evil.example"),
    ],
)
def test_only_loopback_stands_in_for_google(name: str, value: str) -> None:
    [fault] = faults({**LOCAL, name: value})

    assert name in fault
