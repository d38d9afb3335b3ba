"""Do several transfers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_AT_ONCE = 4


def at_once(do: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Yield what a function returns for each item, in their order."""
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        yield from pool.map(do, items)
    finally:  # nobody waits for what was interrupted: nothing is put in place half done
        pool.shutdown(wait=False, cancel_futures=True)
