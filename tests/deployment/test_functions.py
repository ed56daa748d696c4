"""terraform/locals.tf against the code that it deploys: names, settings, time limits, scopes."""

import ast
import re
from dataclasses import fields

import pytest

from functions import bootstrap, sweep
from functions.api import waiting
from functions.calendar_round import INSERT_IN_FLIGHT
from functions.models.calendar import OVERDUE_AFTER
from functions.settings import Settings
from infra import google_calendar, google_drive, google_meet, recording_sharing
from tests.deployment.configuration import (
    LOCALS,
    TERRAFORM,
    TOP,
    attributes,
    block,
    functions,
    words,
)

FUNCTIONS = (TERRAFORM / "functions.tf").read_text()
VARIABLES = (TERRAFORM / "variables.tf").read_text()

NOT_IN_THE_CLOUD = {
    "CALENDAR_ENDPOINT",
    "CLOUD_TASKS_EMULATOR_HOST",
    "DRIVE_ENDPOINT",
    "FIRESTORE_EMULATOR_HOST",
    "MEET_ENDPOINT",
    "PROMETHEUS",
    "STORAGE_ENDPOINT",
    "STORE",
}
"""Refused there."""

NOT_NEEDED_IN_THE_CLOUD = {
    "GOOGLE_APPLICATION_CREDENTIALS",  # the delegation is used without a key
    "INVOKER_ISSUER",  # Google's, which is the default
}
SWEEP_WITH_WHAT_IS_UNDER_WAY_SECONDS = 15
"""functions/sweep.py, RUN_AT_MOST."""


def timeout_seconds(name: str) -> int:
    return int(functions()[name]["timeout_seconds"])


def entry_points() -> set[str]:
    tree = ast.parse((TOP / "main.py").read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_entry_point_is_a_function() -> None:
    assert set(functions()) == entry_points()


def test_each_setting_that_the_cloud_needs_is_given_and_no_other() -> None:
    secret = set(re.findall(r'^ +key += "(\w+)"$', FUNCTIONS, re.M))
    given = set(attributes(block(LOCALS, "settings"))) | {"THREADS"} | secret

    known = {field.name.upper() for field in fields(Settings)} - {"IN_CLOUD", "REVISION"}
    assert given == known - NOT_IN_THE_CLOUD - NOT_NEEDED_IN_THE_CLOUD


def test_the_queues_are_those_of_the_settings() -> None:
    queues = {name.replace("_", "-") for name in attributes(block(LOCALS, "queues"))}

    assert queues == {Settings.tasks_queue_calendar, Settings.tasks_queue_recording}


@pytest.mark.parametrize(
    ("rate", "calls_of_a_task", "of_a_mailbox", "of_the_project"),
    [
        # https://developers.google.com/workspace/calendar/api/guides/quota
        ("calendar_tasks_per_second", 2, 600, 10_000),
        # https://developers.google.com/workspace/meet/api/guides/limits
        ("recording_tasks_per_second", 4, 600, 6_000),
    ],
)
def test_a_queue_asks_no_more_than_google_answers_in_a_minute(
    rate: str, calls_of_a_task: int, of_a_mailbox: int, of_the_project: int
) -> None:
    variable = VARIABLES.split(f'variable "{rate}" {{')[1]
    [default] = re.findall(r"^  default += (\d+)$", variable.split("\n}")[0], re.M)
    [most] = re.findall(rf"var\.{rate} <= (\d+)$", variable, re.M)

    assert int(default) * 60 * calls_of_a_task <= of_a_mailbox
    assert int(most) * 60 * calls_of_a_task <= of_the_project


@pytest.mark.parametrize(
    ("name", "deadline_seconds"),
    [
        ("sync_calendar", bootstrap.SYNC_CALENDAR_DEADLINE_SECONDS),
        ("sync_recording", bootstrap.SYNC_RECORDING_DEADLINE_SECONDS),
    ],
)
def test_a_worker_ends_before_its_task_is_given_up(name: str, deadline_seconds: int) -> None:
    assert timeout_seconds(name) < deadline_seconds


def test_a_task_is_given_up_before_the_meeting_is_due_for_another() -> None:
    assert bootstrap.SYNC_CALENDAR_DEADLINE_SECONDS <= OVERDUE_AFTER.total_seconds()


def test_a_worker_ends_before_its_insert_is_taken_for_settled() -> None:
    assert timeout_seconds("sync_calendar") < INSERT_IN_FLIGHT.total_seconds()


def test_the_sweep_ends_by_itself_then_by_its_timeout_and_then_the_scheduler_gives_up() -> None:
    [attempt] = re.findall(r'attempt_deadline = "(\d+)s"', (TERRAFORM / "scheduler.tf").read_text())

    by_itself = sweep.RUN_AT_MOST.total_seconds() + SWEEP_WITH_WHAT_IS_UNDER_WAY_SECONDS
    assert by_itself < timeout_seconds("sweep") < int(attempt)


def test_api_has_time_for_the_longest_wait() -> None:
    assert timeout_seconds("api") >= 2 * waiting.MAX_SECONDS


def test_the_scopes_to_delegate_are_those_that_are_asked_for() -> None:
    scopes = words(block(LOCALS, "delegation_scopes"))

    assert scopes - {"default"} == (
        google_calendar.SCOPES
        | google_meet.READ_SCOPES
        | google_meet.SETTINGS_SCOPES
        | google_drive.SCOPES
        | recording_sharing.SCOPES
    )


def test_an_override_of_an_index_switches_it_off() -> None:
    """Terraform would not see the indexes of one that does not."""
    assert '"indexes": [{' not in (TOP / "firestore.indexes.json").read_text().split(
        '"fieldOverrides"'
    )[1].replace("\n", "")
