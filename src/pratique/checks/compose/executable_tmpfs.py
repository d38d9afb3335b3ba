"""DC-0037: a temporary file system that programs can be started from."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    for written, span in service.items("tmpfs"):
        path, _, options = written.partition(":")
        if loose := {"exec", "suid", "dev"} & set(options.split(",")):
            yield Failure(f"tmpfs {path} has {', '.join(sorted(loose))}", *span)


check = Check(
    "DC-0037",
    "Temporary file system with exec or suid",
    "It is where whoever gets in can write: the engine's own options keep what is put there from "
    "being run.",
    "LOW",
    "Leave exec, suid and dev out.",
    of_service(_judge),
    (),
    (),
)
