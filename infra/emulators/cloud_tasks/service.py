"""The gRPC service, by generic handlers: the client library ships messages and no servicer.

https://grpc.github.io/grpc/python/grpc.html#grpc.method_handlers_generic_handler. Calls of the API that are not here are
answered with UNIMPLEMENTED by gRPC itself.
"""

from collections.abc import Callable
from typing import Any

import grpc
import proto
from google.cloud.tasks_v2 import types
from google.protobuf import empty_pb2

from infra.emulators.cloud_tasks.errors import Refused
from infra.emulators.cloud_tasks.queues import Queues
from infra.emulators.cloud_tasks.tasks import Tasks

SERVICE = "google.cloud.tasks.v2.CloudTasks"

Method = tuple[Callable[[Any], Any], type[proto.Message], Callable[[Any], bytes]]


def methods(queues: Queues, tasks: Tasks) -> dict[str, Method]:
    """Each call's function, the type of its request, and how its answer is written."""
    queue, task, empty = types.Queue.serialize, types.Task.serialize, empty_pb2.Empty.SerializeToString
    return {
        "CreateQueue": (queues.create, types.CreateQueueRequest, queue),
        "UpdateQueue": (queues.update, types.UpdateQueueRequest, queue),
        "GetQueue": (queues.get, types.GetQueueRequest, queue),
        "ListQueues": (queues.list, types.ListQueuesRequest, types.ListQueuesResponse.serialize),
        "DeleteQueue": (queues.delete, types.DeleteQueueRequest, empty),
        "PurgeQueue": (queues.purge, types.PurgeQueueRequest, queue),
        "PauseQueue": (queues.pause, types.PauseQueueRequest, queue),
        "ResumeQueue": (queues.resume, types.ResumeQueueRequest, queue),
        "CreateTask": (tasks.create, types.CreateTaskRequest, task),
        "GetTask": (tasks.get, types.GetTaskRequest, task),
        "ListTasks": (tasks.list, types.ListTasksRequest, types.ListTasksResponse.serialize),
        "DeleteTask": (tasks.delete, types.DeleteTaskRequest, empty),
        "RunTask": (tasks.run, types.RunTaskRequest, task),
    }


def handler(queues: Queues, tasks: Tasks) -> grpc.GenericRpcHandler:
    """What a gRPC server registers."""
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            _answering(function), request_deserializer=request.deserialize, response_serializer=serialize
        )
        for name, (function, request, serialize) in methods(queues, tasks).items()
    }
    return grpc.method_handlers_generic_handler(SERVICE, handlers)


def _answering(function: Callable[[Any], Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return function(request)
        except Refused as refused:
            context.abort(refused.code, refused.message)

    return answer
