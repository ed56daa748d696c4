"""The RPCs on queues: message in, message out."""

from collections.abc import Callable

import grpc
from google.cloud.tasks_v2.types import (
    CreateQueueRequest,
    DeleteQueueRequest,
    GetQueueRequest,
    ListQueuesRequest,
    ListQueuesResponse,
    PauseQueueRequest,
    PurgeQueueRequest,
    Queue,
    ResumeQueueRequest,
    UpdateQueueRequest,
)

from infra.local.cloud_tasks import queue_settings, resource_names
from infra.local.cloud_tasks.dispatcher import Dispatcher
from infra.local.cloud_tasks.paging import page
from infra.local.cloud_tasks.refusal import Refusal, invalid_argument, not_found, unimplemented
from infra.local.cloud_tasks.task_queue import TaskQueue

MAX_PAGE_SIZE = 9800
QUEUE_TOMBSTONE_SECONDS = 7 * 86400
"""https://cloud.google.com/tasks/docs/quotas"""


class QueueRpcs:
    """Answers from the dispatcher's queues. Safe to use from any thread, except for `find`.

    The name of a task stays taken for `tombstone_seconds` after its execution or deletion.
    """

    def __init__(
        self, dispatcher: Dispatcher, tombstone_seconds: float, clock: Callable[[], float]
    ) -> None:
        self._dispatcher = dispatcher
        self._tombstone_seconds = tombstone_seconds
        self._clock = clock
        self._tombstones: dict[str, float] = {}

    def find(self, name: str) -> TaskQueue:
        """Return a queue, or refuse. Hold the dispatcher's lock."""
        resource_names.check_queue(name)
        queue = self._dispatcher.queues.get(name)
        if queue is not None:
            return queue
        if self._tombstones.get(name, 0.0) > self._clock():
            raise Refusal(
                grpc.StatusCode.FAILED_PRECONDITION,
                "The queue no longer exists, though a queue with this name existed recently.",
            )
        raise not_found(f'Queue does not exist: "{name}".')

    def create_queue(self, request: CreateQueueRequest) -> Queue:
        """Create a queue; the name of a deleted one is not free for seven days."""
        resource_names.check_location(request.parent)
        name = request.queue.name
        resource_names.check_queue(name)
        if not name.startswith(f"{request.parent}/queues/"):
            raise invalid_argument(f'Queue "{name}" is not in location "{request.parent}".')
        with self._dispatcher.lock:
            if name in self._dispatcher.queues:
                raise Refusal(grpc.StatusCode.ALREADY_EXISTS, "Queue already exists.")
            return self._add_queue(request.queue)

    def update_queue(self, request: UpdateQueueRequest) -> Queue:
        """Change the settings in the mask, all if it is empty; a missing queue is created."""
        name = request.queue.name
        resource_names.check_queue(name)
        with self._dispatcher.lock:
            queue = self._dispatcher.queues.get(name)
            if queue is None:
                return self._add_queue(request.queue)
            changed = Queue.pb(Queue(queue.settings))
            mask = UpdateQueueRequest.pb(request).update_mask
            if not mask.IsValidForDescriptor(Queue.pb().DESCRIPTOR):
                raise invalid_argument(
                    f"update_mask has an unknown field: {', '.join(mask.paths)}."
                )
            if mask.paths:
                mask.MergeMessage(Queue.pb(request.queue), changed, replace_message_field=True)
            else:
                changed.CopyFrom(Queue.pb(request.queue))
            settings = queue_settings.complete(Queue.wrap(changed))
            settings.name = name
            settings.state = queue.settings.state
            settings.purge_time = queue.settings.purge_time
            queue.configure(settings, self._clock())
            return self._changed(queue)

    def get_queue(self, request: GetQueueRequest) -> Queue:
        with self._dispatcher.lock:
            return Queue(self.find(request.name).settings)

    def list_queues(self, request: ListQueuesRequest) -> ListQueuesResponse:
        """Return a page of a location's queues, ordered by name."""
        resource_names.check_location(request.parent)
        if request.filter:
            raise unimplemented("The stand-in does not filter ListQueues.")
        with self._dispatcher.lock:
            queues, next_page_token = page(
                (
                    queue
                    for queue in self._dispatcher.queues.values()
                    if queue.name.startswith(f"{request.parent}/queues/")
                ),
                request.page_size,
                request.page_token,
                MAX_PAGE_SIZE,
            )
            messages = [Queue(queue.settings) for queue in queues]
        return ListQueuesResponse(queues=messages, next_page_token=next_page_token)

    def delete_queue(self, request: DeleteQueueRequest) -> None:
        """Delete a queue and all its tasks."""
        with self._dispatcher.lock:
            queue = self.find(request.name)
            queue.purge(self._clock())
            del self._dispatcher.queues[request.name]
            self._tombstones[request.name] = self._clock() + QUEUE_TOMBSTONE_SECONDS

    def purge_queue(self, request: PurgeQueueRequest) -> Queue:
        with self._dispatcher.lock:
            queue = self.find(request.name)
            queue.purge(self._clock())
            return self._changed(queue)

    def pause_queue(self, request: PauseQueueRequest) -> Queue:
        """Start no task of a queue until it is resumed."""
        with self._dispatcher.lock:
            queue = self.find(request.name)
            queue.pause()
            return self._changed(queue)

    def resume_queue(self, request: ResumeQueueRequest) -> Queue:
        with self._dispatcher.lock:
            queue = self.find(request.name)
            queue.resume()
            return self._changed(queue)

    def _add_queue(self, message: Queue) -> Queue:
        now = self._clock()
        if self._tombstones.get(message.name, 0.0) > now:
            raise Refusal(
                grpc.StatusCode.FAILED_PRECONDITION,
                "The queue cannot be created because a queue with this name existed too recently.",
            )
        queue = TaskQueue(queue_settings.complete(message), self._tombstone_seconds, now)
        self._dispatcher.queues[queue.name] = queue
        return Queue(queue.settings)

    def _changed(self, queue: TaskQueue) -> Queue:
        self._dispatcher.wake(queue.ready_at(self._clock()))
        return Queue(queue.settings)
