"""The RPCs on tasks: message in, message out."""

from collections.abc import Callable

import grpc
from google.cloud.tasks_v2.types import (
    CreateTaskRequest,
    DeleteTaskRequest,
    GetTaskRequest,
    ListTasksRequest,
    ListTasksResponse,
    RunTaskRequest,
    Task,
)

from infra.local.cloud_tasks import resource_names, task_validation
from infra.local.cloud_tasks.dispatcher import Dispatcher
from infra.local.cloud_tasks.faults import Faults
from infra.local.cloud_tasks.paging import page
from infra.local.cloud_tasks.queue_rpcs import QueueRpcs
from infra.local.cloud_tasks.refusal import Refusal, not_found
from infra.local.cloud_tasks.stored_task import StoredTask
from infra.local.cloud_tasks.task_queue import TaskQueue

MAX_PAGE_SIZE = 1000


class TaskRpcs:
    """Answers from the dispatcher's queues. Safe to use from any thread."""

    def __init__(
        self,
        queues: QueueRpcs,
        dispatcher: Dispatcher,
        faults: Faults,
        clock: Callable[[], float],
    ) -> None:
        self._queues = queues
        self._dispatcher = dispatcher
        self._faults = faults
        self._clock = clock

    def create_task(self, request: CreateTaskRequest) -> Task:
        """Store a task, unless its name is taken or was until recently."""
        if plan := self._faults.take("refuse_creates"):
            raise Refusal(grpc.StatusCode[plan.refuse_status], "Refused: fault on demand.")
        resource_names.check_queue(request.parent)
        now = self._clock()
        task_validation.check(request.task, request.parent, now)
        message = Task(request.task)
        message.name = message.name or resource_names.new_task_name(request.parent)
        task = StoredTask(message, now)
        with self._dispatcher.lock:
            queue = self._queues.find(request.parent)
            if task.name in queue.tasks:
                raise Refusal(grpc.StatusCode.ALREADY_EXISTS, "Requested entity already exists.")
            if queue.was_removed_recently(task.name, now):
                raise Refusal(
                    grpc.StatusCode.ALREADY_EXISTS,
                    "The task cannot be created because a task with this name existed"
                    " too recently.",
                )
            answer = task.to_message(request.response_view)
            queue.add(task)
            self._dispatcher.wake(queue.ready_at(now))
        if plan := self._faults.take("lose_answers"):
            raise Refusal(grpc.StatusCode[plan.lose_status], "Answer lost: fault on demand.")
        return answer

    def get_task(self, request: GetTaskRequest) -> Task:
        with self._dispatcher.lock:
            _, task = self._task(request.name)
            return task.to_message(request.response_view)

    def list_tasks(self, request: ListTasksRequest) -> ListTasksResponse:
        """Return a page of a queue's tasks, ordered by name."""
        resource_names.check_queue(request.parent)
        with self._dispatcher.lock:
            tasks, next_page_token = page(
                self._queues.find(request.parent).tasks.values(),
                request.page_size,
                request.page_token,
                MAX_PAGE_SIZE,
            )
            messages = [task.to_message(request.response_view) for task in tasks]
        return ListTasksResponse(tasks=messages, next_page_token=next_page_token)

    def delete_task(self, request: DeleteTaskRequest) -> None:
        """Delete a task; an attempt in flight goes on."""
        with self._dispatcher.lock:
            queue, task = self._task(request.name)
            queue.remove(task, self._clock())

    def run_task(self, request: RunTaskRequest) -> Task:
        """Send a task at once, even from a paused queue."""
        with self._dispatcher.lock:
            queue, task = self._task(request.name)
            self._dispatcher.run_now(queue, task)
            return task.to_message(request.response_view)

    def _task(self, name: str) -> tuple[TaskQueue, StoredTask]:
        queue = self._queues.find(resource_names.queue_of_task(name))
        task = queue.tasks.get(name)
        if task is not None:
            return queue, task
        if queue.was_removed_recently(name, self._clock()):
            raise not_found(
                "The task no longer exists, though a task with this name existed recently."
                " The task either successfully completed or was deleted."
            )
        raise not_found("Requested entity was not found.")
