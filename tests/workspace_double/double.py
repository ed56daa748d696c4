"""The double as a test holds it.

with WorkspaceDouble() as double:
    double.add_user("doctor@clinic.example")
    key = double.service_account_key()
    double.delegate(key["client_email"], [CALENDAR_EVENTS])
    ...  # the product runs against double.calendar_endpoint
    assert double.violations == []
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Self

from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from tests.workspace_double import control, oauth
from tests.workspace_double.calendar import DEMANDS, Calendar
from tests.workspace_double.conferences import Outcome
from tests.workspace_double.directory import Directory, User
from tests.workspace_double.discovery import load
from tests.workspace_double.faults import Moment
from tests.workspace_double.gateway import TOKEN_METHOD, ApiCall, Gateway
from tests.workspace_double.google_hosts import GoogleHosts
from tests.workspace_double.iam import IamCredentials
from tests.workspace_double.mail import Mail
from tests.workspace_double.messages import ConnectionDropped, HttpAnswer, HttpRequest
from tests.workspace_double.server import Server

SERVICE_ACCOUNT = "meet-middleware@clinic-project.iam.gserviceaccount.com"
CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
CALENDAR_EVENTS = "https://www.googleapis.com/auth/calendar.events"


class WorkspaceDouble:
    """A Google Workspace on loopback: a context manager, or `start` and `stop`."""

    def __init__(
        self, *, port: int = 0, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        documents = [load(name) for name in ("calendar.v3", "iamcredentials.v1")]
        self.directory = Directory()
        self.oauth = oauth.OAuth(
            self.directory, [scope for document in documents for scope in document.scopes]
        )
        self.iam = IamCredentials(self.oauth)
        self.calendar = Calendar(self.directory, now)
        self.gateway = Gateway(documents, self.oauth)
        self.gateway.handlers = {**self.calendar.handlers(), **self.iam.handlers()}
        self.gateway.demands = {**DEMANDS}
        self.faults = self.gateway.faults
        self._google_hosts = GoogleHosts(lambda: self.url)
        self._port = port
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        self._server = Server(self._port, self._answer)
        self._server.start()
        self.oauth.token_uri = f"{self.url}/token"

    def stop(self) -> None:
        self.gateway.stopping.set()
        self._google_hosts.close()
        if self._server:
            self._server.stop()

    @property
    def url(self) -> str:
        if self._server is None:
            raise RuntimeError("the double is not started")
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def calendar_endpoint(self) -> str:
        """What a client takes as `api_endpoint`; the bare `url` does as well."""
        return f"{self.url}/calendar/v3/"

    # Who there is.

    def add_user(self, email: str, **flags: Any) -> User:
        """Add a user; the flags are those of `User` (suspended, no_calendar, no_meet …)."""
        return self.directory.add(User(email, **flags))

    def service_account_key(self, service_account: str = SERVICE_ACCOUNT) -> dict[str, str]:
        """Make the content of a key file. Scopes must still be delegated."""
        self.oauth.register(service_account)
        return {
            "type": "service_account",
            "project_id": "clinic-project",
            "private_key_id": oauth.key_id(service_account),
            "private_key": oauth.private_pem(service_account),
            "client_email": service_account,
            "client_id": "100000000000000000001",
            "token_uri": self.oauth.token_uri,
            "universe_domain": "googleapis.com",
        }

    def delegate(self, service_account: str, scopes: Iterable[str]) -> None:
        """Grant domain-wide delegation of the scopes to the service account."""
        self.oauth.delegate(service_account, scopes)

    def source_credentials(self, service_account: str = SERVICE_ACCOUNT) -> Credentials:
        """Make the credentials a function gets from its metadata server, without a key."""
        self.oauth.register(service_account)
        token = self.oauth.issue(service_account, service_account, [CLOUD_PLATFORM])
        return Credentials(token)

    def iam_request(self) -> Request:
        """Make a google-auth transport whose calls to Google's IAM and OAuth come here."""
        return self._google_hosts.request()

    # What goes wrong, and when. `self.faults.add(...)` belongs here too.

    def on(
        self,
        method: str,
        call: Callable[[ApiCall], object],
        *,
        moment: Moment = "after",
        times: int = 1,
    ) -> None:
        """Run test code inside a call: `before` its write, or `after` it and before the answer."""
        self.gateway.hooks.add(method, call, moment, times)

    def script_conference(
        self,
        outcome: Outcome,
        *,
        polls: int | None = None,
        then: Outcome = "success",
        user: str | None = None,
        times: int = 1,
    ) -> None:
        """Script the next rooms: see `Conferences.script`."""
        self.calendar.conferences.script(outcome, polls=polls, then=then, user=user, times=times)

    def edit_event(self, owner: str, event_id: str, **fields: Any) -> None:
        """Change an event as its owner does by hand; `status="cancelled"` deletes it."""
        with self.gateway.lock:
            self.calendar.edit(owner, event_id, fields)

    # What happened.

    @property
    def violations(self) -> list[str]:
        return self.gateway.violations

    @property
    def calls(self) -> list[tuple[str, int]]:
        """Method id and status of each call, oldest first; 0 is an answer that never arrived."""
        return self.gateway.calls

    def count(self, method: str) -> int:
        """Count the calls of a method, whatever their status."""
        return sum(1 for method_id, _ in self.calls if method_id == method)

    @property
    def token_calls(self) -> int:
        return self.count(TOKEN_METHOD)

    @property
    def sign_blob_calls(self) -> int:
        return self.count("iamcredentials.projects.serviceAccounts.signBlob")

    @property
    def mail(self) -> list[Mail]:
        return self.calendar.mailbox.sent

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events of all users, cancelled ones too, as Google shows them."""
        with self.gateway.lock:
            return [event.resource() for event in self.calendar.all_events()]

    def event(self, owner: str, event_id: str) -> dict[str, Any]:
        with self.gateway.lock:
            return self.calendar.find(owner, event_id).resource()

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        try:
            if request.path.startswith(control.PREFIX):
                return control.answer(self, request)
            return self.gateway.answer(request)
        except ConnectionDropped:
            raise
        except Exception:
            return self.gateway.crashed()
