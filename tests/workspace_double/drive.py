"""Google Drive v3: the files of recordings, their content and who may see them.

Not played: lists, changes of files, changes of permissions other than new ones.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from tests.workspace_double import drive_permissions, field_mask
from tests.workspace_double.contract import Demands
from tests.workspace_double.drive_content import Content
from tests.workspace_double.drive_files import ROLES, DriveFile, Resource
from tests.workspace_double.errors import ApiError
from tests.workspace_double.gateway import ApiCall, Handler
from tests.workspace_double.mail import Mail, Mailbox
from tests.workspace_double.messages import HttpAnswer

_GET = "drive.files.get"
_CREATE = "drive.permissions.create"
_LIST = "drive.permissions.list"

# Without it a file that lies in a shared drive is not found.
DEMANDS: Demands = {name: {"supportsAllDrives": "true"} for name in (_GET, _CREATE, _LIST)}
# Partial by default: the descriptions of `Permission`, and of `fields` in Drive's guide.
DEFAULT_FIELDS = {
    _GET: "kind,id,name,mimeType",
    _CREATE: "kind,id,type,role",
    _LIST: "kind,nextPageToken,permissions(kind,id,type,role)",
}
_CONTENT_SCOPES = ("drive", "drive.readonly", "drive.meet.readonly")
_SCOPES = (*_CONTENT_SCOPES, "drive.metadata", "drive.metadata.readonly")


class Drive:
    """All files, whoever owns them. Permissions are read when a call arrives and written whole.

    So of two changes at once only the last is kept, as `permissions.create` warns.
    """

    def __init__(self, mailbox: Mailbox, now: Callable[[], datetime]) -> None:
        self._mailbox = mailbox
        self._now = now
        self.files: dict[str, DriveFile] = {}
        self.without_account: set[str] = set()

    def handlers(self) -> dict[str, Handler]:
        return {
            _GET: self.get,
            _CREATE: self.create_permission,
            _LIST: self.list_permissions,
        }

    def first_looks(self) -> dict[str, Handler]:
        return {_CREATE: self._permissions_now}

    def add(self, file: DriveFile) -> DriveFile:
        owner = drive_permissions.owner_permission(file.owner)
        file.permissions = {owner["id"]: owner, **file.permissions}
        self.files[file.id] = file
        return file

    def new_id(self) -> str:
        digest = hashlib.sha256(f"file {len(self.files)}".encode()).hexdigest()
        return f"1{digest[:32]}"

    def get(self, call: ApiCall) -> Resource | HttpAnswer:
        file = self._file(call)
        if call.parameters.get("alt") == "media":
            return self._media(call, file)
        mask = field_mask.parse(str(call.parameters.get("fields", DEFAULT_FIELDS[_GET])))
        return file.resource(call.user, self._now(), mask)

    def list_permissions(self, call: ApiCall) -> Resource:
        file = self._file(call)
        if not file.may_share(call.user, self._now()):
            raise _insufficient(file)
        permissions = list(file.live_permissions(self._now()).values())
        token_text = call.parameters.get("pageToken", "0")
        if not token_text.isdecimal():
            raise ApiError(400, "invalid", "Invalid Value")
        start = int(token_text)
        stop = start + call.parameters.get("pageSize", 100 if file.drive_id else len(permissions))
        token = {"nextPageToken": str(stop)} if stop < len(permissions) else {}
        return {
            "kind": "drive#permissionList",
            "permissions": permissions[start:stop],
            **token,
        }

    def create_permission(self, call: ApiCall) -> Resource:
        file = self._file(call)
        if not file.may_share(call.user, self._now()):
            raise _insufficient(file)
        permission = drive_permissions.accept(call.body, dict(call.parameters), self._now())
        is_told = call.parameters.get("sendNotificationEmail", True)
        email = permission.get("emailAddress", "")
        if email.lower() in self.without_account and not is_told:
            raise ApiError(
                400,
                "invalidSharingRequest",
                f'Bad Request. User message: "You are trying to invite {email}. Since there is no'
                ' Google account associated with this email address, you must check the "Notify'
                ' people" box to invite this recipient."',
            )
        seen: dict[str, Resource] = call.seen
        before = seen.get(permission["id"])
        if before and ROLES.index(before["role"]) > ROLES.index(permission["role"]):
            permission["role"] = before["role"]
        file.permissions = {**seen, permission["id"]: permission}
        if email and is_told:
            self._mailbox.sent.append(Mail(file.id, "share", email))
        return permission

    def _permissions_now(self, call: ApiCall) -> dict[str, Resource]:
        file = self.files.get(call.parameters["fileId"])
        return dict(file.permissions) if file else {}

    def _media(self, call: ApiCall, file: DriveFile) -> HttpAnswer:
        if not call.has_scope(*_CONTENT_SCOPES):
            raise ApiError(403, "insufficientPermissions", "Insufficient Permission")
        if file.download_forbidden:
            message = "This file cannot be downloaded by the user."
            raise ApiError(403, "cannotDownloadFile", message)
        content: Content = file.content
        return content.answer(call.headers.get("range"), "video/mp4")

    def _file(self, call: ApiCall) -> DriveFile:
        file_id = call.parameters["fileId"]
        file = self.files.get(file_id)
        if (
            file is None
            or not file.exists(self._now())
            or (file.drive_id and not call.parameters.get("supportsAllDrives"))
            or not file.role(call.user, self._now())
        ):
            # One answer for what is not there and for what the caller may not read
            # (developers.google.com/workspace/drive/api/guides/handle-errors).
            raise ApiError(404, "notFound", f"File not found: {file_id}.")
        if not call.has_scope(*_SCOPES):
            # `drive.file` is for files that the app made or opened (facts/google.md §4).
            message = f"The user has not granted the app read access to the file {file_id}."
            raise ApiError(403, "appNotAuthorizedToFile", message)
        if call.user.lower() in file.restricted:
            raise _insufficient(file)
        return file


def _insufficient(file: DriveFile) -> ApiError:
    message = f"The user does not have sufficient permissions for file {file.id}."
    return ApiError(403, "insufficientFilePermissions", message)
