"""Idempotency-Key: a request that is repeated is answered again, and not done again.

The key is claimed in the very commit that does what is asked; so it is done exactly where the key
is there, whatever dies in between. The answer is kept afterwards; where that was not reached, it
is made anew from what the claim names.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from functions.api import auth
from functions.api.services import Services
from functions.errors import (
    Fault,
    InvalidRequest,
    MeetMiddlewareError,
    Refused,
    UpstreamError,
)
from functions.models import KEPT_FOR, Claim, StoredAnswer
from functions.writing import Intent, unconditional

logger = logging.getLogger(__name__)

KEY = re.compile(r"[!-~]{1,255}")
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Retry-After")

Act = Callable[[Intent], Response]
Recall = Callable[[Claim], Response]
"""Makes the answer again from what the claim says was made."""


def once(
    services: Services,
    body: Mapping[str, Any],
    act: Act,
    recall: Recall,
    check: Callable[[Any], None] = unconditional,
    is_final: Callable[[Response], bool] = lambda _: True,
    is_dry_run: bool = False,
) -> Response:
    """Do what is asked unless it was done under this key, and answer the same each time.

    The check is that of If-Match; what was done under the key is answered without it. An answer
    that is not final is not kept: a repetition goes on with what is left. A dry run uses no key,
    and still says what is wrong with one.

    Raises:
        Refused: the key came with another request.
    """
    claim = _claim(services, body)
    intent = Intent(auth.caller().email, claim, check)
    if claim is None:
        return act(intent)
    found = services.answers.find(claim.id, services.now())
    if is_dry_run:
        _check_same(claim, found)
        return act(intent)
    if found is None:
        try:
            return _keep(services, claim, act(intent), is_final)
        except UpstreamError:
            raise
        except MeetMiddlewareError:
            # What was refused may have been done meanwhile, by the same request sent twice.
            found = services.answers.find(claim.id, services.now())
            if found is None:
                raise
    _check_same(claim, found)
    earlier, answer = found
    if answer is None:
        response = _keep(services, claim, recall(earlier), is_final)
    else:
        response = _response(answer)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def part_of(claim: Claim | None, item: int | str) -> Claim | None:
    """Return the claim of one item, by its place or its id, of a request that does many."""
    return claim and claim.replace(id=hashlib.sha256(f"{claim.id}/{item}".encode()).hexdigest())


def _claim(services: Services, body: Mapping[str, Any]) -> Claim | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise InvalidRequest(
            [
                Fault(
                    "Idempotency-Key",
                    "invalid_key",
                    "It must be 1 to 255 visible ASCII characters, like a UUID.",
                )
            ]
        )
    # The address cannot hold a line break: no caller's key can be made to look like another's.
    owner = f"{auth.caller().email}\n{key}"
    asked = json.dumps([request.method, request.path.rstrip("/"), body], sort_keys=True)
    return Claim(
        id=hashlib.sha256(owner.encode()).hexdigest(),
        fingerprint=hashlib.sha256(asked.encode()).hexdigest(),
        expires_at=services.now() + KEPT_FOR,
    )


def _check_same(claim: Claim, found: tuple[Claim, StoredAnswer | None] | None) -> None:
    if found is not None and found[0].fingerprint != claim.fingerprint:
        raise Refused("idempotency_key_reused")


def _keep(
    services: Services, claim: Claim, response: Response, is_final: Callable[[Response], bool]
) -> Response:
    if not is_final(response):
        return response
    answer = StoredAnswer(
        status=response.status_code,
        headers={k: v for k, v in response.headers.items() if k in KEPT_HEADERS},
        body=response.get_data(as_text=True),
        expires_at=claim.expires_at,
    )
    try:
        kept = services.answers.keep(claim, answer)
    except UpstreamError as error:
        # What was asked is done: a repetition finds the claim, and makes the answer again.
        logger.warning("answer not kept", extra={"code": error.code})
        return response
    return response if kept == answer else _response(kept)


def _response(answer: StoredAnswer) -> Response:
    response = Response(answer.body, answer.status)
    # All of its headers and no other: Flask gives each a Content-Type.
    response.headers.clear()
    response.headers.update(answer.headers)
    return response
