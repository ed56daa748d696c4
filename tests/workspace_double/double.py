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

from tests.workspace_double import calendar, control, drive, meet, meet_records, oauth
from tests.workspace_double.conferences import Outcome
from tests.workspace_double.directory import Directory, User
from tests.workspace_double.discovery import load
from tests.workspace_double.faults import Moment
from tests.workspace_double.gateway import TOKEN_METHOD, ApiCall, Gateway
from tests.workspace_double.google_hosts import GoogleHosts
from tests.workspace_double.iam import IamCredentials
from tests.workspace_double.life import Life
from tests.workspace_double.mail import Mail, Mailbox
from tests.workspace_double.messages import ConnectionDropped, HttpAnswer, HttpRequest
from tests.workspace_double.server import Server
from tests.workspace_double.spaces import Spaces

SERVICE_ACCOUNT = "meet-middleware@clinic-project.iam.gserviceaccount.com"
CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
CALENDAR_EVENTS = "https://www.googleapis.com/auth/calendar.events"
MEET_CREATED = f"https://www.googleapis.com/auth/{meet.CREATED}"
MEET_READONLY = f"https://www.googleapis.com/auth/{meet.READONLY}"
MEET_SETTINGS = f"https://www.googleapis.com/auth/{meet.SETTINGS}"
DRIVE = "https://www.googleapis.com/auth/drive"
DRIVE_MEET_READONLY = "https://www.googleapis.com/auth/drive.meet.readonly"
_DOCUMENTS = ("calendar.v3", "meet.v2", "drive.v3", "iamcredentials.v1")


class WorkspaceDouble(Life):
    """A Google Workspace on loopback: a context manager, or `start` and `stop`."""

    def __init__(
        self, *, port: int = 0, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        documents = [load(name) for name in _DOCUMENTS]
        self.now = now
        self.mailbox = Mailbox()
        self.directory = Directory()
        self.oauth = oauth.OAuth(
            self.directory, [scope for document in documents for scope in document.scopes]
        )
        self.iam = IamCredentials(self.oauth)
        spaces = Spaces()
        self.calendar = calendar.Calendar(
            self.directory, now, self.mailbox, lambda owner: spaces.add(owner).code
        )
        self.meet = meet.Meet(self.directory, spaces, now)
        self.drive = drive.Drive(self.mailbox, now)
        self.gateway = Gateway(documents, self.oauth)
        self.gateway.handlers = {
            **self.calendar.handlers(),
            **self.meet.handlers(),
            **meet_records.MeetRecords(self.meet, now).handlers(),
            **self.drive.handlers(),
            **self.iam.handlers(),
        }
        self.gateway.first_looks = self.drive.first_looks()
        self.gateway.default_fields = {**meet_records.DEFAULT_FIELDS, **drive.DEFAULT_FIELDS}
        self.gateway.demands = {**calendar.DEMANDS, **meet.DEMANDS, **drive.DEMANDS}
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

    @property
    def meet_endpoint(self) -> str:
        """What Meet's client takes: the version is in its paths already."""
        return f"{self.url}/"

    @property
    def drive_endpoint(self) -> str:
        return f"{self.url}/drive/v3/"

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

    def revoke(self, service_account: str, scopes: Iterable[str]) -> None:
        """Take delegated scopes back; see `expire_tokens` of `self.oauth` for those in use."""
        self.oauth.revoke(service_account, scopes)

    def delete_user(self, email: str) -> None:
        """Delete an account: no new token for it, and an old one is refused."""
        self.directory.delete(email)

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
        return self.mailbox.sent

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
