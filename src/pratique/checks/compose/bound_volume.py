"""DC-0021: a named volume is a folder of the host."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Project, of_project
from pratique.model.check import Check, Failure

_SENSITIVE = (
    "/etc",
    "/root",
    "/boot",
    "/proc",
    "/sys",
    "/dev",
    "/var/run",
    "/run",
    "/usr",
    "/bin",
    "/lib",
)


def _judge(project: Project) -> Iterator[Failure]:
    for name, options in project.driver_options():
        device = options.get("device")
        if not isinstance(device, str) or "bind" not in str(options.get("o", "")):
            continue
        path = device.rstrip("/") or "/"
        if path in ("/", *_SENSITIVE) or path.startswith(tuple(f"{s}/" for s in _SENSITIVE)):
            yield Failure(f"volume {name} is {device} of the host", *options.spans["device"])


check = Check(
    "DC-0021",
    "Named volume over a sensitive folder of the host",
    "The services that mount it show a volume's name; that it is a folder that decides over the "
    "host is not seen there.",
    "HIGH",
    "Leave driver_opts out, or bind a folder that holds nothing but the data.",
    of_project(_judge),
    (),
    (),
)
