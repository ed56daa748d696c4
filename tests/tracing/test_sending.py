"""Who spans are sent as, and what of an exception goes with them."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from functions.tracing import SpanKind, Trace, make_spans, span
from infra.otlp_traces import SCOPE, OtlpTraces, OwnIdentity, session_for
from tests.infra.google_cloud import GoogleCloud
from tests.processes.running import wait_until
from tests.tracing.receiver import Receiver


@pytest.fixture
def on_google_cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> GoogleCloud:
    """Its metadata server is the one place where credentials are found."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    return GoogleCloud()


@pytest.fixture
def own_receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver
        make_spans(None)


def test_a_request_to_google_is_of_the_account_that_this_runs_as(
    on_google_cloud: GoogleCloud, own_receiver: Receiver
) -> None:
    session = requests.Session()
    session.auth = OwnIdentity(on_google_cloud)

    for _ in range(3):
        session.post(own_receiver.url, data=b"", timeout=5)

    sent = [headers["authorization"] for headers in own_receiver.headers]
    assert sent == ["Bearer source-token"] * 3
    [asked] = [url for url, _ in on_google_cloud.heard if "/token" in url]
    assert parse_qs(urlsplit(asked).query)["scopes"] == [SCOPE]


@pytest.mark.parametrize(
    ("endpoint", "is_ours"),
    [
        ("https://telemetry.googleapis.com/v1/traces", True),
        ("https://telemetry.mtls.googleapis.com:443/v1/traces", True),
        ("https://notgoogleapis.com/v1/traces", False),
        ("https://googleapis.com.elsewhere.com/v1/traces", False),
        ("http://127.0.0.1:4318/v1/traces", False),
    ],
)
def test_only_google_gets_a_token(endpoint: str, is_ours: bool) -> None:
    assert isinstance(session_for(endpoint).auth, OwnIdentity) is is_ours


def test_a_local_collector_gets_spans_and_no_token(own_receiver: Receiver) -> None:
    traces = OtlpTraces(own_receiver.url, "clinic")
    make_spans(traces.start)
    trace_id = secrets.token_hex(16)

    with span("events.insert", SpanKind.CLIENT, Trace("xoma-1", trace_id)):
        pass
    traces.close()

    assert [sent.name for sent in own_receiver.of(trace_id)] == ["events.insert"]
    assert not any("authorization" in headers for headers in own_receiver.headers)


def test_nothing_of_the_environment_changes_what_is_sent(
    own_receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "owner=pat@clinic.example")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "another")
    for name in ("MAX_QUEUE_SIZE", "MAX_EXPORT_BATCH_SIZE"):
        monkeypatch.setenv(f"OTEL_BSP_{name}", "1")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "3600000")
    traces = OtlpTraces(own_receiver.url, "clinic")
    make_spans(traces.start)

    for _ in range(100):
        with span("events.insert", SpanKind.CLIENT, Trace("xoma-1")):
            pass

    # Not at the end of the process alone, and not each for itself.
    wait_until(lambda: len(own_receiver.spans) == 100, 20, "all of them")
    assert len(own_receiver.requests) < 50
    traces.close()
    for request in own_receiver.requests:
        [resource] = request.resource_spans
        told = {a.key: a.value.string_value for a in resource.resource.attributes}
        assert told == {"service.name": "meet-middleware", "gcp.project_id": "clinic"}


def test_an_exception_leaves_its_type_and_no_word_of_its_own(own_receiver: Receiver) -> None:
    traces = OtlpTraces(own_receiver.url, "clinic")
    make_spans(traces.start)

    with (
        pytest.raises(ValueError, match="pat@"),
        span("events.insert", SpanKind.CLIENT, Trace("xoma-1")),
    ):
        raise ValueError("pat@clinic.example")
    traces.close()

    [sent] = own_receiver.spans
    assert sent.failed and sent.attributes == {"error.type": "ValueError"}
    assert sent.failure == ""
    assert not any("pat@" in text for text in own_receiver.texts())
