"""DC-0002: a privileged container (CIS Docker Benchmark 5.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.located_values import List, Map
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.get("privileged") is True:
        yield Failure("privileged is set", *service.span_of("privileged"))
    hooks = (service.get("post_start"), service.get("pre_stop"))
    for hook in (one for listed in hooks if isinstance(listed, List) for one in listed):
        if isinstance(hook, Map) and hook.get("privileged") is True:
            yield Failure("a command of the life cycle is privileged", *hook.spans["privileged"])


check = Check(
    "DC-0002",
    "Privileged container",
    "It has every capability and every device of the host, and neither seccomp nor AppArmor: a "
    "root user in it is root on the host.",
    "HIGH",
    "Leave privileged out; add the one capability or device that is needed.",
    of_service(_judge),
    ("CIS-5.5",),
    ("https://docs.docker.com/reference/compose-file/services/#privileged",),
)
