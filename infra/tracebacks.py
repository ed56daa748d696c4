"""What may be told of an exception: types and frames. Its text may quote an answer of Google's."""

import traceback

WITHHELD = "withheld"
MAX_CAUSES = 10
MAX_FRAMES = 100
"""Cloud Logging takes 256 KiB a line: https://cloud.google.com/logging/quotas"""


def causes(error: BaseException) -> list[BaseException]:
    """Return what led to an exception, the first cause first, and the exception itself.

    Of very many the last ones.
    """
    found: dict[int, BaseException] = {}
    following: BaseException | None = error
    while following is not None and id(following) not in found and len(found) < MAX_CAUSES:
        found[id(following)] = following
        hides_context = following.__suppress_context__
        following = following.__cause__ if hides_context else following.__context__
    return list(reversed(found.values()))


def stack_trace(error: BaseException) -> str:
    """Return the tracebacks of all causes in Python's form, with each exception's text withheld."""
    return "\n".join(
        "Traceback (most recent call last):\n"
        + "".join(traceback.format_tb(one.__traceback__, -MAX_FRAMES))
        + f"{type(one).__module__}.{type(one).__qualname__}: {WITHHELD}\n"
        for one in causes(error)
    )
