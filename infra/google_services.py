"""Google's APIs as its own client knows them, and what its answers are read with."""

import threading
from collections.abc import Mapping
from typing import Any


class GoogleService:
    """One of Google's APIs as its discovery document has it, built at the first use and once."""

    def __init__(self, name: str, version: str, path: str, endpoint: str | None) -> None:
        self._name = name
        self._version = version
        self._path = path
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._collections: dict[tuple[str, ...], Any] = {}

    def __call__(self, *names: str) -> Any:
        """Return a collection by its path, `conferenceRecords` and `recordings` for example."""
        with self._lock:
            return self._collection(names)

    def _collection(self, names: tuple[str, ...]) -> Any:
        # The client makes a collection anew at each call, which takes longer than the call's own.
        if names not in self._collections:
            made = (
                self._build() if not names else getattr(self._collection(names[:-1]), names[-1])()
            )
            self._collections[names] = made
        return self._collections[names]

    def _build(self) -> Any:
        from googleapiclient import discovery
        from httplib2 import Http

        # An Http keeps build() from looking for credentials of its own; it sends nothing.
        return discovery.build(
            self._name,
            self._version,
            http=Http(),
            cache_discovery=False,
            static_discovery=True,
            client_options={"api_endpoint": self._base_url()} if self._endpoint else None,
        )

    def _base_url(self) -> str:
        """Return what replaces the client's whole base URL: Google's own has the service's path."""
        endpoint = (self._endpoint or "").rstrip("/")
        return endpoint.removesuffix(self._path.rstrip("/")) + self._path


def optional_text(resource: Mapping[str, Any], field: str) -> str | None:
    """Return a field of Google's answer, None where it is absent or empty.

    Raises:
        TypeError: it is no text.
    """
    text = resource.get(field)
    if text is not None and not isinstance(text, str):
        raise TypeError(field)
    return text or None
