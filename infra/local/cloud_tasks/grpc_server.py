"""The gRPC side of the stand-in: which method answers which RPC, and refusals as statuses."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.cloud.tasks_v2 import types
from google.protobuf.empty_pb2 import Empty

from infra.local.cloud_tasks.queue_rpcs import QueueRpcs
from infra.local.cloud_tasks.refusal import Refusal, unimplemented
from infra.local.cloud_tasks.task_rpcs import TaskRpcs

logger = logging.getLogger(__name__)

SERVICE = "google.cloud.tasks.v2.CloudTasks"
MISSING_RPCS = (
    "BatchCreateTasks",
    "BatchDeleteTasks",
    "GetCmekConfig",
    "GetIamPolicy",
    "SetIamPolicy",
    "TestIamPermissions",
    "UpdateCmekConfig",
)
RPC_THREADS = 8


class GrpcServer:
    def __init__(self, queues: QueueRpcs, tasks: TaskRpcs) -> None:
        self._threads = ThreadPoolExecutor(RPC_THREADS, "cloud-tasks-rpc")
        # Otherwise another gRPC server can bind the same port and get half of the calls.
        options = (("grpc.so_reuseport", 0),)
        self._server = grpc.server(self._threads, [_handlers(queues, tasks)], options=options)

    def start(self, host: str, port: int) -> int:
        """Serve on `host:port` and return the port, which the system picks if it is 0."""
        bound_port = int(self._server.add_insecure_port(f"{host}:{port}"))
        self._server.start()
        return bound_port

    def stop(self, grace_seconds: float) -> None:
        """Accept nothing more, and end the calls in progress after the grace."""
        self._server.stop(grace_seconds).wait()
        self._threads.shutdown()


def _handlers(queues: QueueRpcs, tasks: TaskRpcs) -> "grpc.GenericRpcHandler[Any, Any]":
    # google-cloud-tasks ships messages and a client, but no generated servicer.
    queue, task = types.Queue, types.Task
    handlers = {
        "CreateQueue": _handler(queues.create_queue, types.CreateQueueRequest, queue),
        "CreateTask": _handler(tasks.create_task, types.CreateTaskRequest, task),
        "DeleteQueue": _handler(queues.delete_queue, types.DeleteQueueRequest, None),
        "DeleteTask": _handler(tasks.delete_task, types.DeleteTaskRequest, None),
        "GetQueue": _handler(queues.get_queue, types.GetQueueRequest, queue),
        "GetTask": _handler(tasks.get_task, types.GetTaskRequest, task),
        "ListQueues": _handler(
            queues.list_queues, types.ListQueuesRequest, types.ListQueuesResponse
        ),
        "ListTasks": _handler(tasks.list_tasks, types.ListTasksRequest, types.ListTasksResponse),
        "PauseQueue": _handler(queues.pause_queue, types.PauseQueueRequest, queue),
        "PurgeQueue": _handler(queues.purge_queue, types.PurgeQueueRequest, queue),
        "ResumeQueue": _handler(queues.resume_queue, types.ResumeQueueRequest, queue),
        "RunTask": _handler(tasks.run_task, types.RunTaskRequest, task),
        "UpdateQueue": _handler(queues.update_queue, types.UpdateQueueRequest, queue),
    }
    handlers |= {rpc: _missing(rpc) for rpc in MISSING_RPCS}
    return grpc.method_handlers_generic_handler(SERVICE, handlers)


def _handler(
    method: Callable[[Any], Any], request_type: Any, response_type: Any
) -> "grpc.RpcMethodHandler[Any, Any]":
    """Return a handler that calls `method`; without a response type it answers Empty."""

    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        try:
            message = method(request)
        except Refusal as refusal:
            logger.debug("%s: %s %s", method.__name__, refusal.code.name, refusal.message)
            context.abort(refusal.code, refusal.message)
        return Empty() if response_type is None else message

    serializer = response_type.serialize if response_type else Empty.SerializeToString
    return grpc.unary_unary_rpc_method_handler(
        answer,
        request_deserializer=request_type.deserialize,
        response_serializer=serializer,
    )


def _missing(rpc: str) -> "grpc.RpcMethodHandler[Any, Any]":
    def refuse(_: bytes, context: grpc.ServicerContext) -> None:
        refusal = unimplemented(f"The Cloud Tasks stand-in has no {rpc}.")
        context.abort(refusal.code, refusal.message)

    return grpc.unary_unary_rpc_method_handler(refuse)
