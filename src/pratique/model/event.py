"""What happens during a scan or an update, for whoever wants to show it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class LayerStarted(Struct, frozen=True, gc=False):
    index: int
    count: int
    size: int


class BytesRead(Struct, frozen=True, gc=False):
    """So many more bytes of a layer or a feed arrived."""

    count: int


class LayerDone(Struct, frozen=True, gc=False):
    index: int
    count: int
    cached: bool


class FeedStarted(Struct, frozen=True, gc=False):
    name: str


class FeedDone(Struct, frozen=True, gc=False):
    name: str
    records: int
    changed: bool


Event = LayerStarted | BytesRead | LayerDone | FeedStarted | FeedDone
Observe = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """Observe nothing."""
