"""Google Workspace as the settings have it: the real one, or the one that is simulated."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions.bootstrap.once import Once
from functions.settings import Settings, SettingsError

if TYPE_CHECKING:
    from functions.models import SpaceSettings
    from functions.ports import Calendar, Drive, FollowUp, Meet
    from infra.google_calendar import GoogleCalendar
    from infra.google_connections import Mailboxes


class Workspace:
    """Its parts, each made once and when it is needed."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self.calendar: Once[Calendar] = Once(self._calendar)
        self.meet: Once[Meet] = Once(self._meet)
        self.drive: Once[Drive] = Once(self._drive)
        self._mailboxes: Once[Mailboxes] = Once(self._open_mailboxes)

    def _calendar(self) -> "Calendar":
        settings = self._settings
        if not settings.livemode:
            from infra.mock_workspace import MockCalendar

            return MockCalendar(settings.mock_link_host, self._now)
        return self.google_calendar()

    def google_calendar(self) -> "GoogleCalendar":
        """Return the calendar that exists in live mode alone."""
        from infra.google_calendar import GoogleCalendar

        settings = self._settings
        return GoogleCalendar(
            self._mailboxes(), settings.calendar_endpoint, settings.google_cloud_project
        )

    def _meet(self) -> "Meet":
        if not self._settings.livemode:
            from infra.mock_workspace import MockMeet

            return MockMeet(self._now)
        from infra.google_meet import GoogleMeet

        return GoogleMeet(self._mailboxes(), self._settings.meet_endpoint)

    def _drive(self) -> "Drive":
        if not self._settings.livemode:
            from infra.mock_workspace import MockDrive

            return MockDrive(self._now)
        from infra.google_drive import GoogleDrive

        return GoogleDrive(self._mailboxes(), self._settings.drive_endpoint)

    def space_settings(self) -> "SpaceSettings":
        from functions.models import AccessType, SpaceSettings

        wanted = self._settings.space_access_type
        access = None if wanted == "default" else AccessType(wanted.upper())
        return SpaceSettings(access, auto_recording=self._settings.auto_recording == "on")

    def follow_ups(self) -> "tuple[FollowUp, ...]":
        """Return what is done with every recording; nothing unless it is wanted."""
        settings = self._settings
        follow_ups: list[FollowUp] = []
        if settings.recording_share_with:
            from infra.recording_sharing import RecordingSharer

            days = settings.recording_share_days
            follow_ups.append(
                RecordingSharer(
                    self._mailboxes(),
                    settings.recording_share_with,
                    timedelta(days=days) if days else None,
                    self._now,
                    settings.drive_endpoint,
                )
            )
        if settings.recording_bucket is not None:
            from infra.cloud_storage import Bucket
            from infra.recording_copy import RecordingCopier

            bucket = Bucket(settings.recording_bucket, settings.storage_endpoint)
            follow_ups.append(
                RecordingCopier(self._mailboxes(), bucket, self._now, settings.drive_endpoint)
            )
        return tuple(follow_ups)

    def _open_mailboxes(self) -> "Mailboxes":
        from infra.credentials import DelegatedCredentials
        from infra.google_connections import Mailboxes

        settings = self._settings
        if settings.workspace_delegate is None:
            raise SettingsError(["WORKSPACE_DELEGATE is missing"])
        credentials = DelegatedCredentials(
            settings.service_account_email, settings.google_application_credentials
        )
        return Mailboxes(credentials, settings.workspace_domains, settings.workspace_delegate)
