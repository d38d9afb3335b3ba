"""DC-0012: folders of the host that decide over it or hold credentials (CIS 5.6)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_SYSTEM = frozenset({
    "/", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sys", "/usr", "/bin", "/sbin",
    "/root", "/home", "/var", "/var/lib", "/var/lib/docker", "/var/lib/containerd",
    "/var/lib/kubelet",
    "/lib/modules", "/etc/passwd", "/etc/shadow", "/etc/sudoers", "/etc/ssh", "/etc/kubernetes",
    "/etc/docker", "/etc/cron.d", "/etc/systemd", "/var/spool/cron", "/var/log", "~",
    "$HOME", "${HOME}",
})  # fmt: skip
_CREDENTIALS = (".ssh", ".aws", ".kube", ".docker", ".gnupg", ".azure", ".config/gcloud", ".netrc")
_BELOW = (
    "/etc/kubernetes/",
    "/var/lib/docker/",
    "/var/lib/kubelet/",
    "/etc/ssh/",
    "/proc/",
    "/root/.",
)
_HARMLESS = ("/etc/localtime", "/etc/timezone", "/var/lib/docker/containers")


def _judge(service: Service) -> Iterator[Failure]:
    """Read-only is better for what runs, and no better for what is secret."""
    for mount, span in service.mounts():
        source = mount.source
        if not mount.is_bind or source in _HARMLESS:
            continue
        if any(source.endswith(f"/{name}") or f"/{name}/" in source for name in _CREDENTIALS):
            yield Failure(f"{source} is mounted: credentials", *span)
        elif source in _SYSTEM or source.startswith(_BELOW):
            severity = "MEDIUM" if mount.read_only and source not in ("/", "/root", "~") else ""
            yield Failure(f"{source} of the host is mounted", *span, severity=severity)


check = Check(
    "DC-0012",
    "Sensitive folder of the host mounted",
    "What is written there runs on the host or lets in; what is read there are passwords and keys.",
    "HIGH",
    "Mount the one file that is needed, read-only; use a named volume for data.",
    of_service(_judge),
    ("CIS-5.6",),
    (),
)
