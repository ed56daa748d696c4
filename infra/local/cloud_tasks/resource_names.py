"""The resource names of Cloud Tasks: their patterns, and the parts that the RPCs need."""

import re
import secrets

from infra.local.cloud_tasks.refusal import invalid_argument

LOCATION = r"projects/[A-Za-z0-9.:-]+/locations/[A-Za-z0-9-]+"
QUEUE = rf"{LOCATION}/queues/[A-Za-z0-9-]{{1,100}}"
TASK = rf"({QUEUE})/tasks/[A-Za-z0-9_-]{{1,500}}"

LOCATION_PATTERN = re.compile(LOCATION)
QUEUE_PATTERN = re.compile(QUEUE)
TASK_PATTERN = re.compile(TASK)


def check_location(name: str) -> None:
    if not LOCATION_PATTERN.fullmatch(name):
        raise invalid_argument(
            f"Location name must be formatted"
            f' "projects/<PROJECT_ID>/locations/<LOCATION_ID>", found "{name}".'
        )


def check_queue(name: str) -> None:
    if not QUEUE_PATTERN.fullmatch(name):
        raise invalid_argument(
            f"Queue name must be formatted"
            f' "projects/<PROJECT_ID>/locations/<LOCATION_ID>/queues/<QUEUE_ID>"'
            f' with a QUEUE_ID of 1 to 100 letters, digits or hyphens, found "{name}".'
        )


def queue_of_task(name: str) -> str:
    """Return the queue part of a task's name."""
    match = TASK_PATTERN.fullmatch(name)
    if match is None:
        raise invalid_argument(
            f"Task name must be formatted"
            f' "projects/<PROJECT_ID>/locations/<LOCATION_ID>/queues/<QUEUE_ID>/tasks/<TASK_ID>"'
            f" with a TASK_ID of 1 to 500 letters, digits, hyphens or underscores,"
            f' found "{name}".'
        )
    return match[1]


def new_task_name(queue_name: str) -> str:
    """Return a random task name, of digits alone as Google's are."""
    return f"{queue_name}/tasks/{secrets.randbelow(10**20):020d}"


def short_id(name: str) -> str:
    """Return the last part of a name: QUEUE_ID or TASK_ID."""
    return name.rpartition("/")[2]
