"""A file as Drive keeps it, and as Drive shows it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.workspace_double.directory import user_id
from tests.workspace_double.drive_content import Content
from tests.workspace_double.formats import format_instant, parse_date_time

Resource = dict[str, Any]

# From the least to the most.
ROLES = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")
_SHARING_ROLES = ROLES[2:]


@dataclass
class DriveFile:
    """One recording's file; its owner's, or in the shared drive `drive_id`.

    `restricted` users are refused by name, `download_forbidden` is the file's own setting.
    """

    id: str
    name: str
    owner: str
    content: Content
    duration: timedelta
    ready_at: datetime | None
    video_ready_at: datetime | None
    drive_id: str | None = None
    trashed_at: datetime | None = None
    deleted_at: datetime | None = None
    download_forbidden: bool = False
    restricted: set[str] = field(default_factory=set)
    permissions: dict[str, Resource] = field(default_factory=dict)

    @property
    def view_link(self) -> str:
        return f"https://drive.google.com/file/d/{self.id}/view"

    def exists(self, now: datetime) -> bool:
        return _has_come(self.ready_at, now) and not _has_come(self.deleted_at, now)

    def live_permissions(self, now: datetime) -> dict[str, Resource]:
        return {
            permission_id: permission
            for permission_id, permission in self.permissions.items()
            if not _has_come(parse_date_time(permission.get("expirationTime", "")), now)
        }

    def role(self, email: str, now: datetime) -> str | None:
        """Tell the best role that the user has; membership in groups is not played."""
        email = email.lower()
        grantees = {("user", email), ("domain", email.rpartition("@")[2]), ("anyone", "")}
        roles = [
            permission["role"]
            for permission in self.live_permissions(now).values()
            if (permission["type"], _grantee(permission)) in grantees
        ]
        return max(roles, key=ROLES.index, default=None)

    def may_share(self, email: str, now: datetime) -> bool:
        return self.role(email, now) in _SHARING_ROLES

    def resource(self, email: str, now: datetime, names: Collection[str]) -> Resource:
        """Show the named fields, all for `*`: a checksum is reckoned only if asked for."""
        makers = self._makers(email, now)
        wanted = makers if "*" in names else [name for name in names if name in makers]
        shown = {name: makers[name]() for name in wanted}
        return {name: value for name, value in shown.items() if value is not None}

    def _makers(self, email: str, now: datetime) -> dict[str, Callable[[], Any]]:
        may_share = self.may_share(email, now)
        is_shared_drive = self.drive_id is not None
        return {
            "kind": lambda: "drive#file",
            "id": lambda: self.id,
            "name": lambda: self.name,
            "mimeType": lambda: "video/mp4",
            "size": lambda: str(self.content.size),
            "createdTime": lambda: format_instant(self.ready_at or now),
            "modifiedTime": lambda: format_instant(self.ready_at or now),
            "webViewLink": lambda: f"{self.view_link}?usp=drivesdk",
            "webContentLink": lambda: f"https://drive.google.com/uc?id={self.id}&export=download",
            "driveId": lambda: self.drive_id,
            "owners": lambda: None if is_shared_drive else [_person(self.owner, email)],
            "ownedByMe": lambda: None if is_shared_drive else email.lower() == self.owner,
            "shared": lambda: None if is_shared_drive else len(self.live_permissions(now)) > 1,
            "trashed": lambda: _has_come(self.trashed_at, now),
            "explicitlyTrashed": lambda: _has_come(self.trashed_at, now),
            "md5Checksum": lambda: self.content.digest("md5"),
            "sha256Checksum": lambda: self.content.digest("sha256"),
            "videoMediaMetadata": lambda: (
                self._video() if _has_come(self.video_ready_at, now) else None
            ),
            "capabilities": lambda: {
                "canDownload": not self.download_forbidden,
                "canShare": may_share,
            },
            "permissions": lambda: (
                list(self.live_permissions(now).values())
                if may_share and not is_shared_drive
                else None
            ),
        }

    def _video(self) -> Resource:
        milliseconds = self.duration // timedelta(milliseconds=1)
        return {"durationMillis": str(milliseconds), "width": 1280, "height": 720}


def _grantee(permission: Resource) -> str:
    return str(permission.get("emailAddress", permission.get("domain", ""))).lower()


def _has_come(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _person(email: str, caller: str) -> Resource:
    return {
        "kind": "drive#user",
        "displayName": email.partition("@")[0].title(),
        "me": email == caller.lower(),
        "permissionId": str(user_id(email)),
        "emailAddress": email,
    }
