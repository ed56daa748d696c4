"""Firestore clients between which and the server something happens."""

from collections.abc import Callable
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore


def losing_answers(
    real: firestore.Client,
    error: exceptions.GoogleAPICallError | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> firestore.Client:
    """Return the client with its commits stored, their first answers lost, and then repeated."""

    def commit(real_commit: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        real_commit(*args, **kwargs)
        meanwhile()
        if error is not None:
            raise error
        return real_commit(*args, **kwargs)

    return _with_commit(real, commit)


def late_commits(real: firestore.Client, meanwhile: Callable[[], None]) -> firestore.Client:
    """Return the client with something done by others just before each of its commits."""

    def commit(real_commit: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        meanwhile()
        return real_commit(*args, **kwargs)

    return _with_commit(real, commit)


def _with_commit(real: firestore.Client, commit: Callable[..., Any]) -> firestore.Client:
    class Api:
        def __init__(self, api: Any) -> None:
            self._api = api

        def commit(self, *args: Any, **kwargs: Any) -> Any:
            return commit(self._api.commit, *args, **kwargs)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._api, name)

    made = firestore.Client(project=real.project, database=real._database)
    made._firestore_api_internal = Api(real._firestore_api)
    return made
