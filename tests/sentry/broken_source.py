"""main.py with a store that fails as a library does that quotes what it was told."""

import logging
from typing import NoReturn

from functions.bootstrap import Once, product
from main import api, sweep, sync_calendar, sync_recording
from tests.sentry.words import EMAIL, LINK, TOKEN

__all__ = ["api", "sweep", "sync_calendar", "sync_recording"]


def ask_google() -> NoReturn:
    answer = {"attendees": [EMAIL], "hangoutLink": LINK}
    logging.getLogger("googleapiclient.http").error("%s was refused: %s", TOKEN, answer)
    raise ConnectionError(f"{EMAIL} has no {LINK}", answer)


def fail() -> NoReturn:
    authorization = f"Bearer {TOKEN}"
    careless = logging.getLogger("infra.careless")
    careless.error("refused: %s", LINK, extra={"code": EMAIL, "outcome": "FAILED"})
    try:
        ask_google()
    except ConnectionError as error:
        try:
            raise LookupError(authorization, EMAIL) from error
        except LookupError:
            raise RuntimeError(f"{LINK} for {authorization}")  # noqa: B904 (the context is what is tested)


product().stores = Once(fail)
