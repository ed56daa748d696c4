"""Whether the function can work: each dependency is asked."""

import logging
from collections.abc import Callable
from datetime import datetime

from flask import Response
from pydantic import BaseModel, Field

from functions.api.operations import Answer, operation
from functions.api.services import Services
from functions.errors import UpstreamError

logger = logging.getLogger(__name__)


class Check(BaseModel):
    ok: bool
    code: str | None = None
    detail: str | None = None


class Readiness(BaseModel):
    ready: bool
    checks: dict[str, Check]
    last_swept_at: datetime | None = Field(
        description="When everything due was last seen to, every minute as a rule; null where it"
        " never was, or where Firestore does not tell. It does not count for `ready`."
    )


@operation(
    "getReadiness",
    "Readiness: whether each dependency responds",
    answers={
        200: Answer("All of them respond.", Readiness),
        503: Answer("`checks` says what is wrong.", Readiness),
    },
    problems=("unavailable", "misconfigured"),
)
def ready(services: Callable[[], Services]) -> Response:
    needed = services()
    checks = {name: _check(name, ping) for name, ping in needed.dependencies.items()}
    readiness = Readiness(
        ready=all(check.ok for check in checks.values()),
        checks=checks,
        last_swept_at=_last_swept_at(needed),
    )
    status = 200 if readiness.ready else 503
    return Response(readiness.model_dump_json(), status, mimetype="application/json")


def _last_swept_at(services: Services) -> datetime | None:
    try:
        return services.sweeps.last_swept_at()
    except UpstreamError:
        return None


def _check(name: str, ping: Callable[[], None]) -> Check:
    try:
        ping()
    except UpstreamError as error:
        logger.error("not ready", extra={"dependency": name, "code": error.code})
        return Check(ok=False, code=error.code, detail=error.detail)
    return Check(ok=True)
