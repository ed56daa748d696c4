"""Google's Firestore emulator, started and ended with all of its processes.

https://cloud.google.com/firestore/docs/emulator
"""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from typing import Self

STARTS_WITHIN_SECONDS = 60.0
ENDS_WITHIN_SECONDS = 2.0


class EmulatorMissing(Exception):
    """The emulator cannot be started; the message says what to install."""


class FirestoreEmulator:
    """An emulator of its own on a free port of the loopback interface, empty at first."""

    def __init__(self) -> None:
        self.address = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it and wait until it answers.

        Raises:
            EmulatorMissing: gcloud, its emulator or Java is not installed.
        """
        gcloud = shutil.which("gcloud")
        if gcloud is None or shutil.which("java") is None:
            raise EmulatorMissing(
                "the Firestore emulator needs gcloud with its component cloud-firestore-emulator,"
                " and Java"
            )
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        # A session of its own: gcloud starts Java, which a signal to gcloud alone leaves running.
        self._process = subprocess.Popen(
            [gcloud, "emulators", "firestore", "start", f"--host-port={self.address}", "--quiet"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _wait_until_it_answers(self) -> None:
        give_up_at = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < give_up_at:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"http://{self.address}/", timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise EmulatorMissing(
            "the Firestore emulator does not start: see `gcloud emulators firestore start`"
        )

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        give_up_at = time.monotonic() + ENDS_WITHIN_SECONDS
        _signal_group(process.pid, signal.SIGTERM)
        while _signal_group(process.pid, 0) and time.monotonic() < give_up_at:
            process.poll()
            time.sleep(0.05)
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()


def _signal_group(group: int, number: int) -> bool:
    """Send a signal to every process of a group; returns whether there is one left."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True
