"""The local stack after the appointment: a recording arrives, and the clock lets a month pass."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.monitoring.scraping import Metrics
from tests.processes.asking import MEETINGS, ask, post_meeting
from tests.processes.clock import CLOCK, advance, now
from tests.processes.local_stack import Stack
from tests.processes.running import ROOT, environment, wait_until
from tests.processes.workspace import open_clinic
from tests.workspace_double import WorkspaceDouble

PAGE = (ROOT / "docs/mock-workspace.md").read_text()
SEEN_WITHIN_SECONDS = 20.0
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One whose own sweeps come too late for any test."""
    log = tmp_path_factory.mktemp("recording-stack") / "log"
    with Stack(log, "--sweep-every", "3600") as stack:
        stack.start()
        yield stack


def looks(url: str) -> float:
    listed = {"method": "conferenceRecords.list", "outcome": "ok"}
    return Metrics(url).value("google_calls_total", **listed)


class Appointment:
    """One that begins in two seconds and lasts for ten."""

    def __init__(self, url: str, external_reference: str) -> None:
        start = now(url).replace(microsecond=0) + timedelta(seconds=2)
        self.end = start + timedelta(seconds=10)
        made = post_meeting(
            url,
            "wait=20",
            external_reference=external_reference,
            scheduled_start=start.isoformat(),
            scheduled_end=self.end.isoformat(),
        )
        assert made.status == 201
        self._url = url
        self._path = f"{MEETINGS}{made.json['id']}/"

    def pass_end(self, seconds: int) -> None:
        """Move the clock to so long after the end, if it has not come so far by itself."""
        left = self.end + timedelta(seconds=seconds) - now(self._url)
        assert advance(self._url, max(1, int(left.total_seconds()) + 1)).status == 200

    def wait_for(self, *told: str | None, seconds: float = SEEN_WITHIN_SECONDS) -> None:
        """Wait until status, recording_sync's state and its reason are these."""
        seen: list[Any] = []

        def is_seen() -> bool:
            meeting = self.read()
            sync = meeting["recording_sync"]
            seen[:] = [meeting["status"], sync["state"], sync["reason"]]
            return seen == [*told]

        wait_until(is_seen, seconds, f"{told}, last seen {seen}")

    def read(self, part: str = "") -> Any:
        answer = ask(self._url, "GET", f"{self._path}{part}")
        assert answer.status == 200
        return answer.json

    def recordings(self) -> list[str]:
        return [recording["state"] for recording in self.read("recordings/")["results"]]

    def timeline(self) -> list[str]:
        return [entry["kind"] for entry in self.read("timeline/?page_size=100")["results"]]


class TestARecording:
    def test_it_arrives_by_the_sweeps_of_the_stack_within_a_minute(self, tmp_path: Path) -> None:
        with Stack(tmp_path / "log", "--sweep-every", "1") as stack:
            stack.start()
            appointment = Appointment(stack.url, "xoma_1")
            appointment.pass_end(25)

            appointment.wait_for("FINISHED", "AVAILABLE", None, seconds=MINUTE - 25)

            recording = appointment.read("recording/")
            assert (recording["available"], recording["duration_seconds"]) == (True, 10)
            room = recording["url"].partition("#")[0].removeprefix(stack.url)
            assert ask(stack.url, "GET", room).status == 200

    def test_who_was_there_is_told_too(self, stack: Stack) -> None:
        appointment = Appointment(stack.url, "xoma_2")
        appointment.pass_end(31)
        appointment.wait_for("FINISHED", "AVAILABLE", None)
        appointment.pass_end(3 * MINUTE)

        wait_until(
            lambda: bool(appointment.read("attendance/")["outcome"] == "completed"),
            SEEN_WITHIN_SECONDS,
            "who was there",
        )

    def test_two_of_one_call(self, stack: Stack) -> None:
        appointment = Appointment(stack.url, "sim-recorded-twice-1")
        appointment.pass_end(31)

        appointment.wait_for("FINISHED", "AVAILABLE", None)

        assert appointment.recordings() == ["AVAILABLE", "AVAILABLE"]

    def test_one_that_is_deleted_is_missing(self, stack: Stack) -> None:
        appointment = Appointment(stack.url, f"sim-recording-deleted-{HOUR}-1")
        appointment.pass_end(31)
        appointment.wait_for("FINISHED", "AVAILABLE", None)
        # Once is not enough: Drive must say twice that there is no such file.
        before = looks(stack.url)
        appointment.pass_end(2 * HOUR)
        wait_until(lambda: looks(stack.url) > before, SEEN_WITHIN_SECONDS, "a look")
        appointment.pass_end(4 * HOUR)

        appointment.wait_for("FINISHED", "ABSENT", "file_deleted")

        assert appointment.recordings() == ["MISSING"]

    def test_one_that_never_comes_is_warned_of_and_given_up(self, stack: Stack) -> None:
        appointment = Appointment(stack.url, "sim-never-ready-1")
        appointment.pass_end(31)
        appointment.wait_for("FINISHED", "PENDING", "still_processing")
        assert "recordings.expiring" not in appointment.timeline()

        appointment.pass_end(25 * DAY)
        wait_until(
            lambda: "recordings.expiring" in appointment.timeline(),
            SEEN_WITHIN_SECONDS,
            "the warning",
        )
        assert appointment.recordings() == ["PROCESSING"]
        appointment.pass_end(31 * DAY)

        appointment.wait_for("FINISHED", "FAILED", "expired")

    def test_nobody_came(self, stack: Stack) -> None:
        appointment = Appointment(stack.url, "sim-not-held-1")
        appointment.pass_end(31)
        appointment.wait_for("SCHEDULED", "PENDING", "not_started")
        appointment.pass_end(2 * HOUR)

        appointment.wait_for("SCHEDULED", "ABSENT", "never_held")

        assert appointment.recordings() == []


class TestTheClock:
    def test_it_shows_what_time_it_is_and_how_far_it_is_ahead(self, stack: Stack) -> None:
        before = ask(stack.url, "GET", CLOCK).json

        moved = advance(stack.url, 2 * DAY)

        assert moved.status == 200
        assert moved.json["ahead_seconds"] == before["ahead_seconds"] + 2 * DAY
        assert datetime.fromisoformat(moved.json["now"]) >= (
            datetime.fromisoformat(before["now"]) + timedelta(days=2)
        )
        # What it says is what meetings go by.
        made = post_meeting(stack.url, "respond-async", external_reference="yesterday")
        assert made.json["errors"][0]["code"] == "in_the_past"

    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            ({}, "/advance_seconds", "required"),
            ({"advance_seconds": 0}, "/advance_seconds", "out_of_range"),
            ({"advance_seconds": -1}, "/advance_seconds", "out_of_range"),
            ({"advance_seconds": 10**10}, "/advance_seconds", "out_of_range"),
            ({"advance_seconds": 10**30}, "/advance_seconds", "out_of_range"),
            ({"advance_seconds": 1.5}, "/advance_seconds", "wrong_type"),
            ({"advance_seconds": "60"}, "/advance_seconds", "wrong_type"),
            ({"advance_seconds": True}, "/advance_seconds", "wrong_type"),
            ({"advance_seconds": None}, "/advance_seconds", "null"),
            ({"advance_seconds": 1, "to": "noon"}, "/to", "unknown_field"),
            ([60], "", "not_an_object"),
        ],
    )
    def test_what_is_no_move_is_refused_and_moves_nothing(
        self, stack: Stack, body: Any, pointer: str, code: str
    ) -> None:
        before = ask(stack.url, "GET", CLOCK).json["ahead_seconds"]

        answer = ask(stack.url, "POST", CLOCK, body)

        assert (answer.status, answer.json["code"]) == (400, "invalid_request")
        assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [(pointer, code)]
        assert ask(stack.url, "GET", CLOCK).json["ahead_seconds"] == before

    def test_it_can_be_moved_with_auth_local_too(self, authenticated_stack: Stack) -> None:
        before = ask(authenticated_stack.url, "GET", CLOCK).json["ahead_seconds"]

        assert advance(authenticated_stack.url, 1).json["ahead_seconds"] == before + 1
        assert "the sweep failed" not in authenticated_stack.output

    def test_there_is_none_where_google_is_asked(self, tmp_path: Path) -> None:
        with WorkspaceDouble() as double:
            settings = open_clinic(double, tmp_path / "key.json")
            with Stack(tmp_path / "log", variables=settings) as stack:
                stack.start()

                assert advance(stack.url, 60).status == 404


class TestThePage:
    """What docs/mock-workspace.md shows works as it stands there, but for the port."""

    def test_each_line_of_the_shell(self, stack: Stack) -> None:
        [lines] = blocks("sh", stack)

        for line in lines.splitlines():
            done = subprocess.run(
                ["bash", "-c", line], env=environment(), capture_output=True, text=True
            )
            assert json.loads(done.stdout).keys() == {"now", "ahead_seconds"}, line

    def test_the_example_of_a_test(self, stack: Stack, tmp_path: Path) -> None:
        [example] = blocks("python", stack)
        file = tmp_path / "test_example.py"
        file.write_text(example)

        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
        )

        assert done.returncode == 0, done.stdout


def blocks(language: str, stack: Stack) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)
    return [block.replace("http://localhost:8080", stack.url) for block in found]
