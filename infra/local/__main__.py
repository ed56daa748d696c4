"""`make run`: the whole product on one port, with stand-ins for everything of Google's."""

import argparse
import os
import sys

from infra.local.firestore_emulator import EmulatorMissing
from infra.local.http_server import HttpServer, PortTaken
from infra.local.stack import LocalStack


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
    options = parser.parse_args()
    try:
        LocalStack(HttpServer(options.host, options.port), options.firestore == "emulator").run()
    except (PortTaken, EmulatorMissing) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
