"""A gRPC server between the product and what it calls, which counts and acts at exact moments.

It passes on bytes and knows no message: the same gate stands before Cloud Tasks and Firestore.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, Self

import grpc

Moment = Literal["before", "after"]
CALLS_AT_ONCE = 64


class Unanswered(Exception):
    """Raised by a hook: the caller is told UNAVAILABLE, whatever has been done."""


@dataclass
class Hook:
    method: str
    moment: Moment
    call: Callable[[], object]
    skip: int


class Gate(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Forwards every call to `upstream`, and runs a hook in the one it is meant for."""

    def __init__(self, upstream: str) -> None:
        self._channel = grpc.insecure_channel(upstream)
        self._server = grpc.server(ThreadPoolExecutor(CALLS_AT_ONCE), handlers=[self])
        self._lock = threading.Lock()
        self._hooks: list[Hook] = []
        self._counts: Counter[str] = Counter()
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(grace=0).wait()
        self._channel.close()

    def on(
        self, method: str, call: Callable[[], object], moment: Moment = "before", skip: int = 0
    ) -> None:
        """Run `call` once: before the RPC is passed on, or after and before its answer is."""
        with self._lock:
            self._hooks.append(Hook(method, moment, call, skip))

    def take_counts(self) -> dict[str, int]:
        """Return the calls since the last time, by their method."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return dict(counts)

    def clear(self) -> None:
        with self._lock:
            self._hooks.clear()

    def service(self, handler_call_details: Any) -> Any:
        method = handler_call_details.method
        # On the wire every kind of call is a stream each way.
        return grpc.stream_stream_rpc_method_handler(
            lambda requests, context: self._forward(method, requests, context)
        )

    def _forward(self, method: str, requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
        with self._lock:
            self._counts[method.rpartition("/")[2]] += 1
        try:
            sent = list(requests)
            self._run_hook(method, "before")
            forwarded = self._channel.stream_stream(method)(
                iter(sent), metadata=_metadata(context), timeout=context.time_remaining()
            )
            received = list(forwarded)
            self._run_hook(method, "after")
        except Unanswered:
            context.abort(grpc.StatusCode.UNAVAILABLE, "unanswered: a test says so")
        except grpc.RpcError as error:
            context.abort(error.code(), error.details())
        return iter(received)

    def _run_hook(self, method: str, moment: Moment) -> None:
        if hook := self._take(method.rpartition("/")[2], moment):
            hook.call()

    def _take(self, method: str, moment: Moment) -> Hook | None:
        with self._lock:
            for hook in self._hooks:
                if (hook.method, hook.moment) == (method, moment):
                    if hook.skip == 0:
                        self._hooks.remove(hook)
                        return hook
                    hook.skip -= 1
                    return None
        return None


def _metadata(context: Any) -> list[tuple[str, Any]]:
    ours = ("authorization", "google-cloud-", "x-goog-")
    return [(key, value) for key, value in context.invocation_metadata() if key.startswith(ours)]
