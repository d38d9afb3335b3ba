"""Give up after a while, wherever the program is."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pratique.errors import LimitExceeded


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise LimitExceeded in the main thread once so many seconds have passed; 0: never."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise LimitExceeded(
            f"not done after {seconds:g} seconds", "--timeout 15m allows it more time"
        )

    if not seconds:
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
