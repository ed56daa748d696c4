"""Who may do what: every operation, tried as everybody."""

from typing import Any

import pytest

from functions.api.routes import ANY, ROUTES, Route
from functions.models import (
    CalendarState,
    CalendarSync,
    Meeting,
    Participant,
    Recording,
    RecordingState,
    Role,
    StoredUser,
    UserRole,
    new_id,
    new_user,
)
from tests.api.caller import Api, a_body, content
from tests.values import NOW, ORGANIZER, a_meeting, put

EXTERNAL = "eva@home.example"
OTHER = "leo@home.example"
CALLERS = {
    "no token": None,
    "unknown": "nobody@home.example",
    "inactive": "gone@clinica.com",
    "admin": "boss@clinica.com",
    "service": "xoma@clinica.com",
    "external": EXTERNAL,
}
REFUSALS = {
    "no token": (401, "unauthenticated"),
    "unknown": (403, "unknown_caller"),
    "inactive": (403, "unknown_caller"),
}

EVERYBODY = """
GET /api/v1/health/
GET /api/v1/ready/
GET /api/v1/schema/
GET /api/v1/docs/
GET /api/v1/redoc/
GET /api/v1/assets/<name>
GET /simulated-rooms/<meeting_code>/
"""
ADMIN_SERVICE_EXTERNAL = """
GET /api/v1/meetings/
GET /api/v1/meetings/<meeting_id>/
GET /api/v1/meetings/<meeting_id>/participants/
GET /api/v1/meetings/<meeting_id>/participants/<participant_id>/
GET /api/v1/participants/
GET /api/v1/meetings/<meeting_id>/recording/
GET /api/v1/meetings/<meeting_id>/recordings/
GET /api/v1/meetings/<meeting_id>/recordings/<recording_id>/
GET /api/v1/recordings/
GET /api/v1/users/me/
"""
ADMIN_SERVICE = """
POST /api/v1/meetings/
POST /api/v1/meetings:batchCreate/
POST /api/v1/meetings:batchCancel/
PATCH /api/v1/meetings/<meeting_id>/
DELETE /api/v1/meetings/<meeting_id>/
POST /api/v1/meetings/<meeting_id>/retry/
GET /api/v1/meetings/<meeting_id>/timeline/
GET /api/v1/meetings/<meeting_id>/attendance/
POST /api/v1/meetings/<meeting_id>/participants/
PATCH /api/v1/meetings/<meeting_id>/participants/<participant_id>/
DELETE /api/v1/meetings/<meeting_id>/participants/<participant_id>/
POST /api/v1/meetings/<meeting_id>/recordings/
PATCH /api/v1/meetings/<meeting_id>/recordings/<recording_id>/
DELETE /api/v1/meetings/<meeting_id>/recordings/<recording_id>/
POST /api/v1/recordings/sync/
"""
ADMIN = """
GET /api/v1/users/
POST /api/v1/users/
GET /api/v1/doctor/
GET /api/v1/users/<user_id>/
PATCH /api/v1/users/<user_id>/
DELETE /api/v1/users/<user_id>/
"""


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def whoever(roles: frozenset[UserRole] | None) -> set[str]:
    return set(CALLERS) if roles is None else {role.value for role in roles}


class Clinic:
    """One meeting with all its parts, in a state that every operation can be done on."""

    def __init__(self, api: Api) -> None:
        self.api = api
        api.identify(UserRole.ADMIN, "boss@clinica.com")
        api.identify(UserRole.SERVICE, "xoma@clinica.com")
        api.identify(UserRole.EXTERNAL, EXTERNAL)
        self.other = self.user(OTHER, UserRole.SERVICE)
        self.user("gone@clinica.com", UserRole.ADMIN, active=False)
        self.guest = Participant(id=new_id(), email=EXTERNAL, role=Role.GUEST)
        self.recording = Recording(
            id=new_id(),
            state=RecordingState.AVAILABLE,
            drive_file_id="1A2b3C4d5E6f",
            url="https://drive.google.com/x",
            created_at=NOW,
        )
        organizer = Participant(id=new_id(), email=ORGANIZER, role=Role.ORGANIZER)
        self.meeting: Meeting = a_meeting(
            livemode=False,
            participants=(organizer, self.guest),
            recordings=(self.recording,),
            scheduled_start=NOW,
            meeting_code="abc-defg-hij",
            calendar=CalendarSync(state=CalendarState.FAILED),
        )
        put(api.store.kept, self.meeting)

    def user(self, email: str, role: UserRole, active: bool = True) -> str:
        user = new_user(email, NOW, role=role, active=active)
        self.api.store.database.users[user.id] = StoredUser(user, 1)
        return user.id

    def do(self, route: Route, caller: str) -> tuple[int, Any]:
        """Send what the operation takes; returns the status, and the body where it is JSON."""
        self.api.email = CALLERS[caller]
        if route.media_types == ANY:
            token = {"Authorization": f"Bearer {self.api.email}"} if self.api.email else {}
            page = self.api.app.test_client().get(self.path(route), headers=token, buffered=True)
            return page.status_code, page.get_json(silent=True)
        sent = content(self.bodies()[route.view]) if route.view in self.bodies() else {}
        headers = {"Prefer": "respond-async"}
        answer = self.api.send(route.method, self.path(route), headers=headers, **sent)
        return answer.status, answer.json

    def path(self, route: Route) -> str:
        path = route.path
        for parameter, value in {
            "meeting_id": self.meeting.id,
            "participant_id": self.guest.id,
            "recording_id": self.recording.id,
            "user_id": self.other,
            "name": "docs.js",
            "meeting_code": "abc-defg-hij",
        }.items():
            path = path.replace(f"<{parameter}>", value)
        return path

    def bodies(self) -> dict[str, Any]:
        return {
            "meetings.create": a_body(),
            "batch.create": {"meetings": [a_body()]},
            "batch.cancel": {"ids": [self.meeting.id]},
            "meetings.change": {"summary": "Other"},
            "participants.add": {"email": OTHER},
            "participants.change": {"email": OTHER},
            "recordings.register": {"drive_file_id": "another-file"},
            "recordings.change": {"state": "MISSING"},
            "recording_sync.start": {"meeting": self.meeting.id},
            "users.create": {"email": "new@home.example", "role": "service"},
            "users.change": {"role": "external"},
        }

    def stored(self) -> Any:
        database = self.api.store.database
        journals = {key: tuple(entries) for key, entries in database.journals.items()}
        kept = (database.meetings, database.references, database.users)
        return [dict(some) for some in kept], journals, dict(database.claims)


@pytest.fixture
def clinic(api: Api) -> Clinic:
    return Clinic(api)


class TestEveryCell:
    @pytest.mark.parametrize("route", ROUTES, ids=name)
    @pytest.mark.parametrize("caller", CALLERS)
    def test_it_is_done_for_those_who_may_and_refused_to_all_others(
        self, clinic: Clinic, route: Route, caller: str
    ) -> None:
        before = clinic.stored()

        status, body = clinic.do(route, caller)

        if caller in whoever(route.roles):
            assert status < 300
            assert (clinic.stored() != before) == (route.method != "GET")
        else:
            assert (status, body["code"]) == REFUSALS.get(caller, (403, "forbidden"))
            assert clinic.stored() == before
            assert clinic.api.store.asked == []
            assert clinic.api.queue.names == []
            assert clinic.api.recording_queue.names == []


class TestTable:
    def test_it_says_what_was_meant(self) -> None:
        meant = {
            EVERYBODY: set(CALLERS),
            ADMIN_SERVICE_EXTERNAL: {"admin", "service", "external"},
            ADMIN_SERVICE: {"admin", "service"},
            ADMIN: {"admin"},
        }

        expected = {line: who for lines, who in meant.items() for line in lines.split("\n") if line}
        assert {name(route): whoever(route.roles) for route in ROUTES} == expected

    def test_there_is_no_route_beside_it(self, api: Api) -> None:
        served = {
            f"{method} {rule.rule}"
            for rule in api.app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }

        assert served == {name(route) for route in ROUTES}

    @pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "GET"], ids=name)
    def test_head_is_refused_where_get_is(self, clinic: Clinic, route: Route) -> None:
        answer = clinic.api.app.test_client().head(clinic.path(route), buffered=True)

        assert answer.status_code == (200 if route.roles is None else 401)
