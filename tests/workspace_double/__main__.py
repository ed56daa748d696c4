"""Runs the double alone: `python -m tests.workspace_double --port 8099 --user a@clinic.example`."""

import argparse
import json
import threading
from pathlib import Path

from tests.workspace_double.double import CALENDAR_EVENTS, SERVICE_ACCOUNT, WorkspaceDouble


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.workspace_double")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", action="append", default=[], help="an email; repeatable")
    parser.add_argument("--scope", action="append", help="a delegated scope; repeatable")
    parser.add_argument("--key-file", type=Path, help="where to write the service account's key")
    arguments = parser.parse_args()
    with WorkspaceDouble(port=arguments.port) as double:
        for email in arguments.user:
            double.add_user(email)
        double.delegate(SERVICE_ACCOUNT, arguments.scope or [CALENDAR_EVENTS])
        if arguments.key_file:
            arguments.key_file.write_text(json.dumps(double.service_account_key()))
        print(f"Workspace double on {double.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
