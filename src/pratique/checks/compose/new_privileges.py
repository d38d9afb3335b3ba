"""DC-0025: processes may gain privileges (CIS Docker Benchmark 5.26)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.located_values import List
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    options = service.says("security_opt")
    given = [str(one).replace("=", ":") for one in options] if isinstance(options, List) else []
    if "no-new-privileges:false" in given:
        yield Failure("no-new-privileges is switched off", *service.span_of("security_opt"))
    elif service.complete and not any(one.startswith("no-new-privileges") for one in given):
        yield Failure("no-new-privileges is not set", *service.span)


check = Check(
    "DC-0025",
    "no-new-privileges not set",
    "A setuid program in the container makes a process root that was none.",
    "LOW",
    "Set security_opt: [no-new-privileges:true].",
    of_service(_judge),
    ("CIS-5.26",),
    ("https://docs.docker.com/reference/cli/docker/container/run/#security-opt",),
)
