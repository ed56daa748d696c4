"""`make run`: the whole product on one port, with stand-ins for everything of Google's."""

import argparse
import os
import sys

from functions.settings import SettingsError
from infra.local.firestore_emulator import EmulatorMissing
from infra.local.http_server import HttpServer, PortTaken
from infra.local.local_issuer import KeyUnusable
from infra.local.stack import SWEEP_EVERY_SECONDS, LocalStack


def main() -> int:
    parser = argparse.ArgumentParser("python -m infra.local", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8080"))
    parser.add_argument(
        "--firestore",
        choices=("embedded", "emulator"),
        default="embedded",
        help="emulator starts Google's; where FIRESTORE_EMULATOR_HOST is set, that one is used",
    )
    parser.add_argument(
        "--sweep-every",
        type=float,
        default=SWEEP_EVERY_SECONDS,
        metavar="SECONDS",
        help="how often to do what Cloud Scheduler does every minute (%(default)s)",
    )
    options = parser.parse_args()
    try:
        server = HttpServer(options.host, options.port)
        LocalStack(server, options.firestore == "emulator", options.sweep_every).run()
    except (PortTaken, EmulatorMissing, KeyUnusable, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
