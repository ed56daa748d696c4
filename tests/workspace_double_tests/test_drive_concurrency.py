"""Two changes of a file's permissions at once: one is lost, as Google warns."""

import threading
from typing import Any

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import drive_client
from tests.workspace_double.double import DRIVE
from tests.workspace_double_tests.calendar_calls import DOCTOR, NURSE
from tests.workspace_double_tests.google_calls import COLLEAGUE, CREATE_PERMISSION, DriveFiles


class TestConcurrency:
    def test_of_two_changes_at_once_only_the_last_is_kept(
        self, double: WorkspaceDouble, sharing: DriveFiles, file_id: str
    ) -> None:
        def share_meanwhile(call: Any) -> None:
            with drive_client(double, DOCTOR, DRIVE) as client:
                DriveFiles(client).share(file_id, emailAddress=COLLEAGUE)

        double.on(CREATE_PERMISSION, share_meanwhile, moment="before")

        sharing.share(file_id, emailAddress=NURSE)

        assert double.calls[-2:] == [(CREATE_PERMISSION, 200), (CREATE_PERMISSION, 200)]
        assert sharing.readers(file_id) == {NURSE}

    def test_one_after_another_both_are_kept(
        self, double: WorkspaceDouble, sharing: DriveFiles, file_id: str
    ) -> None:
        for email in (NURSE, COLLEAGUE):
            sharing.share(file_id, emailAddress=email)

        assert sharing.readers(file_id) == {NURSE, COLLEAGUE}

    def test_changes_of_threads_meet_too(
        self, double: WorkspaceDouble, sharing: DriveFiles, file_id: str
    ) -> None:
        both_are_here = threading.Barrier(2, timeout=10)
        double.on(CREATE_PERMISSION, lambda call: both_are_here.wait(), moment="before", times=2)

        def share(email: str) -> None:
            with drive_client(double, DOCTOR, DRIVE) as client:
                DriveFiles(client).share(file_id, emailAddress=email)

        threads = [threading.Thread(target=share, args=(e,)) for e in (NURSE, COLLEAGUE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(sharing.readers(file_id)) == 1
