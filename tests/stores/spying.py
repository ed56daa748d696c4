"""A Firestore client that tells which calls it made."""

from typing import Any

from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from google.cloud.firestore_v1.types import StructuredQuery


class Spy:
    """In the place of the client's API; without one of its own it finds nothing anywhere."""

    def __init__(self, real: firestore.Client | None = None) -> None:
        self._api = None if real is None else real._firestore_api
        self.calls: list[tuple[str, Any]] = []
        self.client = firestore.Client(
            project="spied" if real is None else real.project,
            database="(default)",
            credentials=AnonymousCredentials(),
        )
        self.client._firestore_api_internal = self

    @property
    def queries(self) -> list[StructuredQuery]:
        """Every query that was sent, also those of which only a count was asked for."""
        return [sent["structured_query"] for name, sent in self.calls if name == "run_query"] + [
            sent["structured_aggregation_query"].structured_query
            for name, sent in self.calls
            if name == "run_aggregation_query"
        ]

    def __getattr__(self, name: str) -> Any:
        def call(request: Any, **more: Any) -> Any:
            self.calls.append((name, request))
            return iter(()) if self._api is None else getattr(self._api, name)(request, **more)

        return call
