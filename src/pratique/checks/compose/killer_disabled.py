"""DC-0044: the container is spared when memory is short."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.get("oom_kill_disable") is True:
        yield Failure("oom_kill_disable is set", *service.span_of("oom_kill_disable"))
    score = service.get("oom_score_adj")
    if isinstance(score, int) and score <= -500:
        yield Failure(f"oom_score_adj: {score}", *service.span_of("oom_score_adj"))


check = Check(
    "DC-0044",
    "Spared when memory is short",
    "The kernel then ends other processes of the host, whatever they are.",
    "MEDIUM",
    "Leave it out, and set a limit of memory.",
    of_service(_judge),
    (),
    (),
)
