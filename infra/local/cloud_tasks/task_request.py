"""The headers of the HTTP request that a task becomes."""

from infra.local.cloud_tasks.resource_names import short_id
from infra.local.cloud_tasks.stored_task import StoredTask

REPLACED = {"host", "content-length", "user-agent", "transfer-encoding", "connection"}
"""Google sets the first three itself; the last two belong to the connection."""

RESERVED_PREFIXES = ("x-google-", "x-appengine-", "x-cloudtasks-")
"""Google keeps these from callers."""


def headers(task: StoredTask, queue_name: str) -> dict[str, str]:
    """Return the headers of the attempt that has just begun, without `Authorization`."""
    sent = {
        name: value
        for name, value in task.headers.items()
        if name.lower() not in REPLACED and not name.lower().startswith(RESERVED_PREFIXES)
    }
    sent["User-Agent"] = "Google-Cloud-Tasks"
    sent["X-CloudTasks-QueueName"] = short_id(queue_name)
    sent["X-CloudTasks-TaskName"] = short_id(task.name)
    sent["X-CloudTasks-TaskRetryCount"] = str(task.dispatch_count - 1)
    sent["X-CloudTasks-TaskExecutionCount"] = str(task.execution_count)
    sent["X-CloudTasks-TaskETA"] = f"{task.scheduled_at:.6f}"
    previous = task.previous_outcome
    if previous is not None:
        sent["X-CloudTasks-TaskRetryReason"] = previous.status.name
        if previous.status_code is not None:
            sent["X-CloudTasks-TaskPreviousResponse"] = str(previous.status_code)
    return sent


def authorized(sent: dict[str, str], id_token: str) -> dict[str, str]:
    """Return the headers with the ID token in place of the task's own `Authorization`."""
    others = {name: value for name, value in sent.items() if name.lower() != "authorization"}
    return others | {"Authorization": f"Bearer {id_token}"}
