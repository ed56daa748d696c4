"""SIGTERM and SIGINT as something to wait for, also while other threads run."""

import signal
import socket
from typing import Self


class EndSignal:
    """To be made and entered in the main thread; one signal that came before `wait` counts.

    The system may hand a signal to any thread. Python's own handlers would then run only once
    the main thread comes back from what it waits for; the wake-up socket is written to at once.
    https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd
    """

    def __enter__(self) -> Self:
        self._reads, self._writes = socket.socketpair()
        self._writes.setblocking(False)
        signal.set_wakeup_fd(self._writes.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        return self

    def __exit__(self, *_: object) -> None:
        # Python drops its handlers as it exits: a late signal would end it with another code.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        self._writes.close()
        self._reads.close()

    def wait(self) -> None:
        self._reads.recv(1)
