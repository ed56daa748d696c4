"""docs/deploying.md from the first admin to the cancelled meeting, pasted at the local stack.

What the guides read from gcloud is read from a stand-in.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.deployment.configuration import TOP
from tests.deployment.documents import blocks
from tests.processes.asking import MEETINGS
from tests.processes.local_stack import Stack
from tests.processes.running import ROOT, environment
from tests.processes.tokens import ask_as, token_for

ADMIN = "admin@clinica.com"
FIRST_OF_GCLOUD_AND_TERRAFORM = ("gcloud ", "terraform ", "export ", "git ")


def test_what_the_guide_asks_with_curl_is_answered(tmp_path: Path) -> None:
    text = (TOP / "docs" / "deploying.md").read_text()
    asked = [
        block
        for block in blocks(text, "sh")
        if "curl " in block and not block.startswith(FIRST_OF_GCLOUD_AND_TERRAFORM)
    ]
    with Stack(tmp_path / "log", variables={"AUTH": "local"}) as stack:
        stack.start()
        token = token_for(stack.url, "admin", ADMIN)

        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(asked)],
            cwd=ROOT,
            env=environment(API_URL=stack.url, TOKEN=token),
            capture_output=True,
            text=True,
            timeout=60,
        )

        assert done.returncode == 0, done.stdout + done.stderr
        assert '"role":"admin"' in done.stdout
        [meeting] = ask_as(token, stack.url, "GET", MEETINGS).json["results"]
        assert (meeting["status"], meeting["created_by"]) == ("CANCELLED", ADMIN)
        assert meeting["summary"] == "A first meeting"


def test_the_settings_of_a_function_become_a_file_to_source(tmp_path: Path) -> None:
    text = (TOP / "docs" / "deploying.md").read_text()
    [block] = [block for block in blocks(text, "sh") if "production.env" in block]
    command = block[block.index("gcloud run services describe") : block.index("make doctor")]
    program = tmp_path / "gcloud"
    env = [
        {"name": "WORKSPACE_DELEGATE", "value": "it's me@clinica.com"},
        {"name": "SENTRY_DSN", "valueFrom": {"secretKeyRef": {"name": "a", "key": "1"}}},
    ]
    service = {"spec": {"template": {"spec": {"containers": [{"env": env}]}}}}
    (tmp_path / "service.json").write_text(json.dumps(service))
    program.write_text(f"#!/bin/sh\ncat {tmp_path}/service.json\n")
    program.chmod(0o755)
    variables = environment(PROJECT="p", REGION="r")
    variables["PATH"] = f"{tmp_path}:{variables['PATH']}"

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f'{command}\necho "$WORKSPACE_DELEGATE"'],
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.stdout, done.stderr) == ("it's me@clinica.com\n", "")


def test_a_restore_takes_over_each_index_by_the_key_that_terraform_has_for_it(
    tmp_path: Path,
) -> None:
    text = (TOP / "docs" / "operators.md").read_text()
    [block] = [block for block in blocks(text, "sh") if "restored.tf" in block]
    start = block.index("gcloud firestore indexes")
    command = block[start : block.index("> terraform/restored.tf")]
    queries = json.loads((TOP / "firestore.indexes.json").read_text())["indexes"]
    parent = "projects/p/databases/restored/collectionGroups"
    # As gcloud lists them: Google adds the name of the document.
    listed = [
        {
            "name": f"{parent}/{query['collectionGroup']}/indexes/{number}",
            "fields": [*query["fields"], {"fieldPath": "__name__", "order": "ASCENDING"}],
        }
        for number, query in enumerate(queries)
    ]
    (tmp_path / "listed.json").write_text(json.dumps(listed))
    program = tmp_path / "gcloud"
    program.write_text(f"#!/bin/sh\ncat {tmp_path}/listed.json\n")
    program.chmod(0o755)
    variables = environment(PROJECT="p")
    variables["PATH"] = f"{tmp_path}:{variables['PATH']}"

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
    )

    imported = re.findall(r'import {\n  to = (.+)\n  id = "(.+)"\n}\n', done.stdout)
    assert imported[0] == ("google_firestore_database.meetings", "projects/p/databases/restored")
    assert imported[1:] == [
        (f'google_firestore_index.query["{key_of(query)}"]', index["name"])
        for query, index in zip(queries, listed, strict=True)
    ]
    assert done.stderr == ""


def key_of(query: dict[str, Any]) -> str:
    """Return an index's key in terraform/firestore.tf."""
    fields = (
        f"{field['fieldPath']}:{field.get('order') or field['arrayConfig']}"
        for field in query["fields"]
    )
    return f"{query['collectionGroup']}/{','.join(fields)}"
