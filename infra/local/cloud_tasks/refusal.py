"""The one way in which an RPC says no."""

import grpc


class Refusal(Exception):
    """An RPC's answer other than OK: Google's status code and a sentence."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def invalid_argument(message: str) -> Refusal:
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, message)


def not_found(message: str) -> Refusal:
    return Refusal(grpc.StatusCode.NOT_FOUND, message)


def unimplemented(message: str) -> Refusal:
    """Return the refusal of something that Google has and the stand-in lacks."""
    return Refusal(grpc.StatusCode.UNIMPLEMENTED, message)
