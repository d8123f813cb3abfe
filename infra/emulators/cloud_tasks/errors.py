"""Refusals, with the gRPC codes that Cloud Tasks answers: https://cloud.google.com/tasks/docs/reference/rpc/google.rpc."""

import grpc


class Refused(Exception):
    """A call is answered with a gRPC status other than OK."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def invalid(field: str, problem: str) -> Refused:
    """INVALID_ARGUMENT that names the field of the request."""
    return Refused(grpc.StatusCode.INVALID_ARGUMENT, f"{field}: {problem}")


def unsupported(field: str) -> Refused:
    """UNIMPLEMENTED: a part of the API that is left out is refused, never ignored."""
    return Refused(grpc.StatusCode.UNIMPLEMENTED, f"{field}: the emulator does not support this")


def no_queue(name: str) -> Refused:
    """NOT_FOUND for a queue."""
    return Refused(grpc.StatusCode.NOT_FOUND, f"Queue does not exist: {name}")


def no_task(name: str, *, existed: bool) -> Refused:
    """NOT_FOUND for a task, which says whether its name was in use lately."""
    if existed:
        return Refused(
            grpc.StatusCode.NOT_FOUND,
            "The task no longer exists, though a task with this name existed recently. "
            f"The task either successfully completed or was deleted: {name}",
        )
    return Refused(grpc.StatusCode.NOT_FOUND, f"The task does not exist: {name}")
