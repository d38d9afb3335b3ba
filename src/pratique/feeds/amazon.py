"""Amazon Linux: ALAS bulletins out of its own repositories.

https://docs.aws.amazon.com/linux/ names the repositories; a mirror list leads to each. The newest
release of 2023 holds the bulletins of all before it. Amazon Linux 2 has a repository for each
topic of its extras: packages of one name and several lines (php of php8.0 and php8.2, kernel), so
a topic's bulletins are about its own line alone.
"""

from __future__ import annotations

import re

from pratique.codecs import rpmbuilds, updateinfo
from pratique.codecs.rpmbuilds import Build

_CDN = "https://cdn.amazonlinux.com"
_CORE = {
    "1": ("https://repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list",),
    "2": (f"{_CDN}/2/core/latest/x86_64/mirror.list",),
    "2022": (f"{_CDN}/al2022/core/mirrors/latest/x86_64/mirror.list",),
    "2023": (f"{_CDN}/al2023/core/mirrors/latest/x86_64/mirror.list",),
}
# topics of https://docs.aws.amazon.com/AL2/latest/ug/al2-extras.html with security bulletins
_EXTRAS = (
    "aws-nitro-enclaves-cli", "collectd", "collectd-python3", "corretto8", "docker",
    "dnsmasq", "dnsmasq2.85", "ecs", "firefox", "gimp", "golang1.19", "haproxy2", "httpd_modules",
    "java-openjdk11", "kernel-5.4", "kernel-5.10", "kernel-5.15", "libreoffice", "livepatch",
    "lynis", "mariadb10.5", "mate-desktop1.x", "mock2", "nginx1", "php8.0", "php8.1", "php8.2",
    "postgresql10", "postgresql11", "postgresql12", "postgresql13", "postgresql14", "python3.8",
    "R3.4", "R4", "redis6", "ruby2.6", "ruby3.0", "rust1", "selinux-ng", "squid4", "tomcat8.5",
    "tomcat9", "unbound1.13", "unbound1.17", "vim",
)  # fmt: skip
_TOPIC = re.compile(r"/2/extras/([^/]+)/")
_LINE = re.compile(r"(\d+(?:\.\d+)*)$", re.ASCII)
_RELEASES = {"al2022": "2022", "al2023": "2023", "2018.03": "1", "2": "2"}


def documents(shard: str) -> tuple[str, ...]:
    """Return the mirror lists of a release's repositories."""
    family, _, release = shard.partition(":")
    if family != "Amazon Linux":
        return ()
    chosen = _CORE if release == "*" else {release} & _CORE.keys()
    return tuple(address for name in sorted(chosen) for address in _repositories(name))


def _repositories(release: str) -> tuple[str, ...]:
    extras = _EXTRAS if release == "2" else ()
    return (
        *_CORE[release],
        *(f"{_CDN}/2/extras/{topic}/latest/x86_64/mirror.list" for topic in extras),
    )


def _ecosystem(address: str) -> str:
    folder = address.split("/")[3] if address.count("/") > 3 else ""
    release = _RELEASES.get(folder, "")
    return f"Amazon Linux:{release}" if release else ""


def _lowest(address: str, build: Build) -> str:
    topic = _TOPIC.search(address)
    line = _LINE.search(topic[1]) if topic else None
    return (rpmbuilds.beginning_with(build.version, line[1]) if line else "") or "0"


feed = updateinfo.feed(
    "amazon", documents, _ecosystem, lowest=_lowest,
    offers=tuple(f"Amazon Linux:{release}" for release in _CORE if release != "2022"),
)  # fmt: skip
