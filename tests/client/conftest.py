"""A client made from the document, and a server for it to call."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from werkzeug.serving import make_server

from functions.api import api_app
from functions.models import UserRole
from tests.api.caller import Api
from tests.api.contract import Contract
from tests.processes.running import PROGRAMS

NAME = "generated_meet_client"
EMAIL = "xoma@clinica.com"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the package, which can be imported."""
    folder = tmp_path_factory.mktemp("client")
    contract = Contract(api_app(_unused))
    (folder / "openapi.json").write_text(json.dumps(contract.document))
    (folder / "config.yml").write_text("post_hooks: []\n")
    subprocess.run(
        [
            *(PROGRAMS / "openapi-python-client", "generate", "--meta", "none"),
            *("--path", "openapi.json", "--config", "config.yml", "--output-path", NAME),
            "--fail-on-warning",
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    sys.path.insert(0, str(folder))
    yield folder / NAME
    sys.path.remove(str(folder))


@pytest.fixture
def server() -> Iterator[tuple[Api, str]]:
    """The app behind HTTP, for a service; links are there at once."""
    api = Api(Contract(api_app(_unused)))
    api.identify(UserRole.SERVICE, EMAIL)
    api.queue.deliver = api.sync
    server = make_server("127.0.0.1", 0, api.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield api, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _unused() -> NoReturn:
    raise AssertionError
