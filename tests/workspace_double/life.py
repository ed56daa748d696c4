"""What people do at Google by hand, as a test tells it: they meet, record, share and delete."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from tests.workspace_double.drive import Drive
from tests.workspace_double.drive_content import Content
from tests.workspace_double.drive_files import DriveFile
from tests.workspace_double.drive_permissions import accept
from tests.workspace_double.gateway import Gateway
from tests.workspace_double.held import Attendee, Conference, Recording, signed_in
from tests.workspace_double.meet import Meet
from tests.workspace_double.spaces import Space


class Life:
    """Told ahead or as it happens: nothing shows before its moment on the double's clock."""

    now: Callable[[], datetime]
    gateway: Gateway
    meet: Meet
    drive: Drive

    def space(self, meeting_code: str) -> Space:
        space = self.meet.spaces.find_by_code(meeting_code)
        if space is None:
            raise KeyError(f"no space has the code {meeting_code}")
        return space

    def hold_conference(
        self,
        meeting_code: str,
        start: datetime,
        end: datetime | None = None,
        attendees: Iterable[Attendee] | None = None,
    ) -> Conference:
        """Hold a conference in a room; without attendees given, its owner sits there alone."""
        with self.gateway.lock:
            owner = signed_in(self.space(meeting_code).owner)
            present = [owner] if attendees is None else list(attendees)
            return self.meet.hold(meeting_code, start, end, present)

    def join(self, conference: Conference, attendee: Attendee) -> None:
        with self.gateway.lock:
            conference.attendees.append(attendee)

    def end_conference(self, conference: Conference, end: datetime | None = None) -> None:
        """End a conference, now unless said otherwise, and every recording that still runs."""
        with self.gateway.lock:
            conference.ended = end or self.now()
            for recording in conference.recordings:
                if recording.ended is None:
                    self.end_recording(recording, conference.ended)

    def record(
        self,
        conference: Conference,
        started: datetime,
        ended: datetime | None = None,
        *,
        ready_at: datetime | None = None,
        file_ready_at: datetime | None = None,
        video_ready_at: datetime | None = None,
        size: int = 1_000_000,
        duration: timedelta | None = None,
        content: bytes | None = None,
        name: str = "Meeting - Recording",
        drive_id: str | None = None,
        readers: Iterable[str] = (),
    ) -> Recording:
        """Record a conference. Each later moment is by default the one before it.

        `ended` → `ready_at`: Meet says FILE_GENERATED → `file_ready_at`: Drive has the file →
        `video_ready_at`: and its length. NEVER is a moment too.
        """
        with self.gateway.lock:
            file = DriveFile(
                id=self.drive.new_id(),
                name=name,
                owner=conference.space.owner.lower(),
                content=Content(conference.id, size if content is None else len(content), content),
                duration=duration or timedelta(0),
                ready_at=file_ready_at or ready_at,
                video_ready_at=video_ready_at or file_ready_at or ready_at,
                drive_id=drive_id,
            )
            self.drive.add(file)
            number = len(conference.recordings) + 1
            recording = Recording(
                f"{conference.name}/recordings/{conference.id}-{number}",
                started,
                None,
                ready_at,
                file,
            )
            conference.recordings.append(recording)
            for email in readers:
                self.share_file(file.id, email)
            if ended is not None:
                self.end_recording(recording, ended)
            return recording

    def end_recording(self, recording: Recording, ended: datetime | None = None) -> None:
        """End a recording, now unless said otherwise; what is not said yet follows at once."""
        with self.gateway.lock:
            file = recording.file
            recording.ended = ended or self.now()
            file.duration = file.duration or recording.ended - recording.started
            recording.ready_at = recording.ready_at or recording.ended
            file.ready_at = file.ready_at or recording.ready_at
            file.video_ready_at = file.video_ready_at or file.ready_at

    def share_file(self, file_id: str, email: str, role: str = "reader") -> None:
        with self.gateway.lock:
            body = {"type": "user", "role": role, "emailAddress": email}
            permission = accept(body, {}, self.now())
            self.drive.files[file_id].permissions[permission["id"]] = permission

    def unshare_file(self, file_id: str, email: str) -> None:
        with self.gateway.lock:
            permissions = self.drive.files[file_id].permissions
            for permission_id, permission in list(permissions.items()):
                if permission.get("emailAddress", "").lower() == email.lower():
                    del permissions[permission_id]

    def restrict_file(self, file_id: str, email: str) -> None:
        """Refuse the file to a user with 403 `insufficientFilePermissions`, owner or not."""
        with self.gateway.lock:
            self.drive.files[file_id].restricted.add(email.lower())

    def trash_file(self, file_id: str, at: datetime | None = None) -> None:
        with self.gateway.lock:
            self.drive.files[file_id].trashed_at = at or self.now()

    def restore_file(self, file_id: str) -> None:
        with self.gateway.lock:
            self.drive.files[file_id].trashed_at = None

    def delete_file(self, file_id: str, at: datetime | None = None) -> None:
        with self.gateway.lock:
            self.drive.files[file_id].deleted_at = at or self.now()
