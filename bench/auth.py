"""What it costs to know who calls: the same reads with AUTH=oidc and with AUTH=off."""

import statistics
import time
from collections.abc import Mapping

from bench.asking import MEETINGS, ask, load, made, per_second, show
from bench.processes import first_answer, free_port, function
from tests.infra.oidc_issuer import AUDIENCE, EMAIL, loopback_issuer

ROUNDS = 5


def compare_auth(environ: Mapping[str, str], seconds: float) -> None:
    workers = {"WORKERS": "2", "THREADS": "8"}
    off, identified = free_port(), free_port()
    with loopback_issuer() as issuer:
        oidc = {
            "AUTH": "oidc",
            "OIDC_ISSUERS": issuer.url,
            "OIDC_AUDIENCES": AUDIENCE,
            "TASKS_INVOKER_EMAIL": "tasks@bench.iam.gserviceaccount.com",
            "SCHEDULER_INVOKER_EMAIL": "scheduler@bench.iam.gserviceaccount.com",
            "SWEEP_URL": "http://127.0.0.1:9/",
            "FIRST_ADMIN_EMAIL": EMAIL,
        }
        now = int(time.time())
        token = issuer.mint(iat=now, exp=now + 3600)
        with (
            function("api", {**environ, **workers}, off),
            function("api", {**environ, **workers, **oidc}, identified),
        ):
            path = f"{MEETINGS}{made(off, f'auth-{now}')}/"
            first_answer(identified, "GET", "/api/v1/health/")
            ask(identified, "GET", path, None, token)
            pairs = [
                (
                    load(identified, "GET", seconds / ROUNDS, path, token=token),
                    load(off, "GET", seconds / ROUNDS, path),
                )
                for _ in range(ROUNDS)
            ]
    ratio = statistics.median(one["per_second"] / other["per_second"] for one, other in pairs)
    with_token, without = pairs[-1]
    show("GET, AUTH=oidc", per_second(with_token), f"off {without['per_second']}/s", ratio)
