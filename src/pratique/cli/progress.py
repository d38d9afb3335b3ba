"""Show on a terminal how far a scan is; say nothing anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from pratique.model.event import (
    BytesRead,
    Event,
    FeedDone,
    FeedStarted,
    LayerDone,
    LayerStarted,
    Observe,
    ignore,
)
from pratique.model.settings import Settings

_REDRAW = 0.1  # seconds


@contextmanager
def watch(chosen: Settings) -> Iterator[Observe]:
    """Give an observer that keeps one line of stderr up to date, and clear the line at the end."""
    if chosen.quiet or chosen.no_progress or not sys.stderr.isatty():
        yield ignore
        return
    line = _Line()
    try:
        yield line.see
    finally:
        line.clear()


class _Line:
    def __init__(self) -> None:
        self._lock = Lock()
        self._bytes = 0
        self._layers = 0
        self._count = 0
        self._feeds: list[str] = []
        self._fed = 0
        self._drawn = 0.0
        self._start = time.monotonic()

    def see(self, event: Event) -> None:
        with self._lock:
            match event:
                case BytesRead(count):
                    self._bytes += count
                case LayerStarted(_, count, _):
                    self._count = count
                case LayerDone(_, count, _):
                    self._count = count
                    self._layers += 1
                case FeedStarted(name):
                    self._feeds.append(name)
                case FeedDone(name):
                    self._feeds.remove(name)
                    self._fed += 1
            self._draw()

    def clear(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _draw(self) -> None:
        now = time.monotonic()
        if now - self._drawn < _REDRAW:
            return
        self._drawn = now
        read = f"{self._bytes / 1e6:.0f} MB, {now - self._start:.0f} s"
        what = f"layers: {self._layers} of {self._count} analysed, {read}"
        if self._feeds:
            done = f", {self._fed} done" if self._fed else ""
            what = f"advisories for {', '.join(self._feeds)}: {read}{done}"
        sys.stderr.write(f"\r\x1b[K{what}")
        sys.stderr.flush()
