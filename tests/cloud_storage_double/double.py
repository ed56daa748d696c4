"""The double as a test holds it.

with CloudStorageDouble() as storage:
    storage.buckets.add("recordings")
    ...  # the product runs against storage.url with storage.service_account_key()
    assert storage.violations == []
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Self

from tests.cloud_storage_double.buckets import Buckets
from tests.cloud_storage_double.uploads import ProtocolError, Uploads
from tests.workspace_double import oauth
from tests.workspace_double.directory import Directory
from tests.workspace_double.discovery import load
from tests.workspace_double.faults import Moment
from tests.workspace_double.gateway import ApiCall, Gateway
from tests.workspace_double.messages import ConnectionDropped, HttpAnswer, HttpRequest
from tests.workspace_double.server import Server

SERVICE_ACCOUNT = "meet-middleware@clinic-project.iam.gserviceaccount.com"
BEGIN = "storage.objects.insert"
GET = "storage.objects.get"
DELETE = "storage.objects.delete"
PUT = "upload session"
"""Every request to a session, for faults, hooks and counts."""

_UPLOAD = "/upload"


class CloudStorageDouble:
    """Cloud Storage on loopback, with a token endpoint of its own."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        document = load("storage.v1")
        self.oauth = oauth.OAuth(Directory(), document.scopes)
        self.buckets = Buckets()
        self.uploads = Uploads(self.buckets, lambda: self.url, now)
        self.gateway = _StorageGateway([document], self.oauth)
        self.gateway.uploads = self.uploads
        self.gateway.handlers = {**self.buckets.handlers(), BEGIN: self.uploads.begin}
        self.faults = self.gateway.faults
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self._server = Server(0, self._answer)
        self._server.start()
        self.oauth.token_uri = f"{self.url}/token"
        return self

    def __exit__(self, *exception: object) -> None:
        self.gateway.stopping.set()
        if self._server:
            self._server.stop()

    @property
    def url(self) -> str:
        if self._server is None:
            raise RuntimeError("the double is not started")
        return f"http://127.0.0.1:{self._server.port}"

    def service_account_key(self) -> dict[str, str]:
        """Make the content of a key file of the service account, whose tokens are taken here."""
        self.oauth.register(SERVICE_ACCOUNT)
        return {
            "type": "service_account",
            "project_id": "clinic-project",
            "private_key_id": oauth.key_id(SERVICE_ACCOUNT),
            "private_key": oauth.private_pem(SERVICE_ACCOUNT),
            "client_email": SERVICE_ACCOUNT,
            "client_id": "100000000000000000001",
            "token_uri": self.oauth.token_uri,
            "universe_domain": "googleapis.com",
        }

    def on(
        self,
        method: str,
        call: Callable[[ApiCall], object],
        *,
        moment: Moment = "after",
        times: int = 1,
    ) -> None:
        """Run test code inside the next calls: `before` the write, or `after` it."""
        self.gateway.hooks.add(method, call, moment, times)

    @property
    def violations(self) -> list[str]:
        return self.gateway.violations

    @property
    def calls(self) -> list[str]:
        """The method of each call, oldest first."""
        return [method for method, _ in self.gateway.calls]

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        try:
            return self.gateway.answer(request)
        except ConnectionDropped:
            raise
        except Exception:
            return self.gateway.crashed()


class _StorageGateway(Gateway):
    """Knows besides the API's methods the sessions, whose URL alone admits whoever has it."""

    uploads: Uploads

    def answer(self, request: HttpRequest) -> HttpAnswer:
        if not request.path.startswith(_UPLOAD):
            return super().answer(request)
        if request.method != "PUT":
            return super().answer(_without_prefix(request))
        query: dict[str, Any] = dict(request.query)
        call = ApiCall(PUT, "", False, query, {}, request.headers)
        try:
            return self._perform(call, lambda _: self.uploads.feed(query["upload_id"], request))
        except ProtocolError as error:
            return self._violated(PUT, [str(error)])


def _without_prefix(request: HttpRequest) -> HttpRequest:
    path = request.path.removeprefix(_UPLOAD)
    return HttpRequest(request.method, path, request.query, request.headers, request.body)
