"""Hundreds of requests made from the document as each role; `make fuzz` sends thousands."""

import threading
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
import schemathesis
from schemathesis.engine import events, from_schema
from werkzeug.serving import make_server

from functions.api import api_app
from functions.models import UserRole
from tests.api.caller import MEETINGS, Api, content
from tests.api.contract import Contract
from tests.fuzz import hooks
from tests.fuzz.__main__ import CONFIG
from tests.fuzz.known import EMAILS

SETTINGS = """
seed = 1
headers = {{ Authorization = "Bearer {email}" }}
phases.coverage.enabled = false  # it alone is a thousand requests
phases.stateful.enabled = false  # likewise
generation.max-examples = 4
"""


def unused() -> NoReturn:
    raise AssertionError


@pytest.fixture
def api() -> Api:
    """The API with a user of each role, and a meeting that the external one takes part in."""
    api = Api(Contract(api_app(unused)))
    api.queue.deliver = api.sync
    for role in UserRole:
        api.identify(role, EMAILS[role])
    api.email = EMAILS[UserRole.SERVICE]
    meeting_id = api.make(invited_emails=[EMAILS[UserRole.EXTERNAL]])
    file = {"drive_file_id": "0123456789"}
    api.send("POST", f"{MEETINGS}{meeting_id}/recordings/", **content(file))
    return api


@pytest.fixture
def url(api: Api) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, api.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def fuzz(url: str, role: UserRole) -> Iterator[events.EngineEvent]:
    hooks.known.forget()
    text = SETTINGS.format(email=EMAILS[role]) + CONFIG.read_text()
    config = schemathesis.Config.from_str(text)
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/schema/", config=config)
    yield from from_schema(schema).execute()


class TestEveryAnswer:
    @pytest.mark.parametrize("role", list(UserRole))
    def test_it_is_as_the_document_says(self, url: str, role: UserRole) -> None:
        cases = 0
        wrong: list[Any] = []

        for event in fuzz(url, role):
            if isinstance(event, events.ScenarioFinished):
                cases += len(event.recorder.interactions)
                checks = (check for found in event.recorder.checks.values() for check in found)
                wrong += [check.failure_info.failure for check in checks if check.failure_info]
            elif isinstance(event, events.NonFatalError | events.FatalError):
                wrong.append(event)

        assert wrong == []
        assert cases > 100
