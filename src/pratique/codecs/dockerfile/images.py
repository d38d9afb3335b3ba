"""What is known of base images without asking a registry: who they run as, when they end.

The users are those of the publishers' own Dockerfiles and documentation.
"""

from __future__ import annotations

import re

from msgspec import Struct

from pratique.codecs.reference import Reference, parse
from pratique.errors import UsageError
from pratique.model.inventory import Distro, Package
from pratique.model.lifecycle import end_of_life
from pratique.model.runtimes import runtimes_in

_REDHAT = r"registry\.(?:access\.)?redhat\.(?:com|io)/(?:ubi|rhel)\d+/"
_USERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), user)
    for pattern, user in (
        # https://github.com/GoogleContainerTools/distroless#debug-images: the tag says it
        (r"gcr\.io/distroless/.+:(?:debug-)?nonroot.*", "65532"),
        (r"gcr\.io/distroless/.+", "root"),
        # https://edu.chainguard.dev/chainguard/chainguard-images/
        (r"cgr\.dev/chainguard(?:-private)?/wolfi-base(?::.*)?", "root"),
        (r"(?:cgr\.dev|dhi\.io)/.+", "65532"),
        # https://techdocs.broadcom.com/ (Bitnami: non-root containers)
        (r"(?:.+/)?bitnami(?:legacy|secure)?/(?:minideb|git|node|python|ruby|golang)(?::.*)?",
         "root"),
        (r"(?:public\.ecr\.aws/)?bitnami(?:legacy|secure)?/.+", "1001"),
        # https://github.com/nginx/docker-nginx-unprivileged
        (r"(?:nginxinc|ghcr\.io/nginx(?:inc)?)/nginx-unprivileged.*", "101"),
        # https://github.com/sclorg: s2i images
        (_REDHAT + r"(?:nodejs|python|ruby|php|perl|nginx|httpd|go-toolset|openjdk)\b.*", "1001"),
        (r"(?:quay\.io/sclorg|centos)/[a-z]+-\d+-.*", "1001"),
        # https://github.com/jenkinsci/docker
        (r"jenkins/(?:jenkins|agent|inbound-agent)(?::.*)?", "jenkins"),
        # https://github.com/grafana/grafana, https://github.com/prometheus/*, and so on
        (r"grafana/(?:grafana|grafana-oss|grafana-enterprise)(?::.*)?", "472"),
        (r"grafana/(?:loki|mimir|tempo|promtail)(?::.*)?", "10001"),
        (r"(?:prom|quay\.io/prometheus)/.+", "nobody"),
        (r"(?:elasticsearch|kibana|logstash|docker\.elastic\.co/.+)(?::.*)?", "1000"),
        (r"quay\.io/keycloak/keycloak(?::.*)?", "1000"),
        (r"sonarqube(?::.*)?", "sonarqube"),
        (r"solr(?::.*)?", "8983"),
        (r"apache/(?:kafka|spark)(?::.*)?", "appuser"),
        (r"apache/airflow(?::.*)?", "airflow"),
        (r"(?:quay\.io/)?jupyter/.+", "jovyan"),
        (r"selenium/.+", "1200"),
        (r"n8nio/n8n(?::.*)?|docker\.n8n\.io/.+", "node"),
        (r"curlimages/curl(?::.*)?", "curl_user"),
        (r"openresty/openresty(?::.*)?", "root"),
        (r"(?:vault|hashicorp/.+)(?::.*)?", "root"),
        # https://github.com/cimg, https://github.com/devcontainers/images
        (r"cimg/.+", "circleci"),
        (r"(?:memcached)(?::.*)?", "memcache"),
        (r"(?:haproxy)(?::(?:2\.[4-9]|3|lts|latest|alpine|bookworm|trixie).*)?", "haproxy"),
        (r"(?:varnish)(?::.*)?", "varnish"),
        (r"mcr\.microsoft\.com/dotnet/.+-(?:chiseled|distroless).*", "app"),
        (r"mcr\.microsoft\.com/(?:dotnet|azurelinux|cbl-mariner|powershell|vscode).*", "root"),
        (r"mcr\.microsoft\.com/playwright.*", "root"),
        (_REDHAT + ".+", "root"),
        (r"(?:nvidia/cuda|nvcr\.io/nvidia)/?.*", "root"),
        (r"public\.ecr\.aws/(?:amazonlinux|lambda|docker/library)/.+", "root"),
        (r"(?:rockylinux|almalinux|opensuse|pytorch|tensorflow|continuumio)/.+", "root"),
        (r"(?:mambaorg/micromamba)(?::.*)?", "mambauser"),
        (r"ghcr\.io/astral-sh/uv:.*", "root"),
        (r"docker(?::.*rootless.*)", "rootless"),
    )
)  # fmt: skip
CODENAMES = {
    "debian": {"wheezy": "7", "jessie": "8", "stretch": "9", "buster": "10", "bullseye": "11",
    "bookworm": "12",
               "trixie": "13", "squeeze": "6", "lenny": "5"},
    "ubuntu": {"precise": "12.04", "trusty": "14.04", "xenial": "16.04", "bionic": "18.04",
    "focal": "20.04",
               "jammy": "22.04", "noble": "24.04", "cosmic": "18.10", "disco": "19.04",
               "eoan": "19.10",
               "groovy": "20.10", "hirsute": "21.04", "impish": "21.10", "kinetic": "22.10",
               "lunar": "23.04", "mantic": "23.10", "oracular": "24.10", "plucky": "25.04",
               "questing": "25.10", "resolute": "26.04"},
}  # fmt: skip
_DISTROS = {
    "debian": "debian", "ubuntu": "ubuntu", "alpine": "alpine", "fedora": "fedora",
    "centos": "centos",
    "rockylinux": "rocky", "rockylinux/rockylinux": "rocky", "almalinux": "almalinux",
    "almalinux/almalinux": "almalinux", "oraclelinux": "ol", "amazonlinux": "amzn",
    "photon": "photon",
    "opensuse/leap": "opensuse-leap", "mageia": "mageia", "bitnami/minideb": "debian",
    "quay.io/centos/centos": "centos", "registry.fedoraproject.org/fedora": "fedora",
    "public.ecr.aws/amazonlinux/amazonlinux": "amzn",
    "mcr.microsoft.com/cbl-mariner/base/core": "mariner",
    "mcr.microsoft.com/azurelinux/base/core": "azurelinux", "openeuler/openeuler": "openeuler",
}  # fmt: skip
_RUNTIMES = {
    "python": "python", "node": "node", "php": "php", "ruby": "ruby", "golang": "go",
    "perl": "perl",
    "openjdk": "java", "eclipse-temurin": "java", "amazoncorretto": "java", "adoptopenjdk": "java",
    "nginx": "nginx", "postgres": "postgresql", "mariadb": "mariadb", "mysql": "mysql",
    "redis": "redis",
    "mongo": "mongodb", "mcr.microsoft.com/dotnet/sdk": "dotnet",
    "mcr.microsoft.com/dotnet/aspnet": "dotnet",
    "mcr.microsoft.com/dotnet/runtime": "dotnet", "mcr.microsoft.com/dotnet/core/sdk": "dotnet",
    "mcr.microsoft.com/dotnet/core/aspnet": "dotnet",
    "mcr.microsoft.com/dotnet/core/runtime": "dotnet",
}  # fmt: skip
_RETIRED = {
    # https://hub.docker.com/_/openjdk, /_/centos, /_/java, …: "deprecated" on their own pages
    "openjdk": "2022-07-31", "java": "2016-12-31", "centos": "2024-06-30",
    "adoptopenjdk": "2021-08-01",
    "library/iojs": "2017-01-01", "jenkins": "2018-12-31", "nodesource/node": "2017-12-31",
}  # fmt: skip
_IN_TAG = re.compile(r"alpine(3\.\d+)|ubi([89]|10)|(?:^|[-_])(?:debian|deb)-?(\d+)")


def shown(name: str) -> str:
    """Return an image's name for a message, without its digest."""
    return name.partition("@")[0]


class Ended(Struct, frozen=True, gc=False):
    """Something in a base image that gets no fixes any more."""

    what: str
    since: str


def reference(name: str) -> Reference | None:
    """Return what a FROM names; None where it is `scratch`, holds a variable or is no reference."""
    if name == "scratch" or "$" in name:
        return None
    try:
        return parse(name)
    except UsageError:
        return None


def user_of(name: str) -> str | None:
    """Return who an image runs as; None where that is not known.

    Docker's official images run as root unless they are listed above.
    """
    found = reference(name)
    if found is None:
        return "root" if name == "scratch" else None
    shown = f"{found.name}:{found.tag}" if found.tag else found.name
    user = next((user for pattern, user in _USERS if pattern.fullmatch(shown)), None)
    if user is None and found.registry == "docker.io" and found.repository.startswith("library/"):
        return "root"
    return user


def is_windows(name: str) -> bool:
    """Tell whether an image is of Windows, whose shell is not a POSIX one."""
    return re.search(r"windows|nanoserver|servercore", name, re.IGNORECASE) is not None


def ended(name: str, today: str) -> list[Ended]:
    """Return what of an image is past its end on a day (`YYYY-MM-DD`), by its name and tag."""
    found = reference(name)
    if found is None:
        return []
    given = [_system(found, today), _runtime(found, today)]
    if not any(given) and (date := _RETIRED.get(found.name)) and today > date:
        given.append(Ended(f"the image {found.name} (its publisher gave it up)", date))
    return [one for one in given if one]


def over(name: str, today: str) -> tuple[bool, bool]:
    """Tell whether an image's distribution, and its runtime, are past their end on a day."""
    found = reference(name)
    if found is None:
        return False, False
    return _system(found, today) is not None, _runtime(found, today) is not None


def _system(found: Reference, today: str) -> Ended | None:
    distro = _distro(found)
    if distro is None:
        return None
    is_over, since = end_of_life(distro, today)
    return Ended(distro.name, since) if is_over else None


def _distro(found: Reference) -> Distro | None:
    name, tag = found.name, found.tag
    for id, releases in CODENAMES.items():
        for word in re.split(r"[-_.]", tag):
            if word in releases and name in ({id} | set(_RUNTIMES) | set(_DISTROS)):
                return Distro(
                    "", id, releases[word], f"{id.capitalize()} {releases[word]} ({word})"
                )
    if id := _DISTROS.get(name, ""):
        version = re.match(r"v?(\d+(?:\.\d+)*)(?![\w.])", tag)
        stream = "Stream" if tag.startswith("stream") else ""
        release = re.sub(r"^stream", "", tag) if stream else version[1] if version else ""
        return (
            Distro("", id, release, f"{id} {stream} {release}".replace("  ", " "))
            if release
            else None
        )
    match = _IN_TAG.search(tag)
    if match and match[1]:
        return Distro("", "alpine", match[1], f"Alpine {match[1]}")
    if ubi := re.match(r"registry\.(?:access\.)?redhat\.(?:com|io)/(?:ubi|rhel)(\d+)", name):
        return Distro("", "rhel", ubi[1], f"RHEL {ubi[1]}")
    return None


def _runtime(found: Reference, today: str) -> Ended | None:
    tool = _RUNTIMES.get(found.name, "")
    version = re.match(r"(?:jdk-?)?(\d+(?:\.\d+)*)(?:u\d+)?(?![\w.])|(\d+)[u_]", found.tag)
    if not tool or not version:
        return None
    number = version[1] or version[2]
    package = (
        Package("", "", "golang", "stdlib", number)
        if tool == "go"
        else Package("", "", "nuget", "Microsoft.NETCore.App.Runtime.linux-x64", number)
        if tool == "dotnet"
        else Package("", "", "generic", tool, number)
    )
    over = next((one for one in runtimes_in([package], today) if one.ended), None)
    return Ended(f"{tool} {number}", over.date) if over else None


def is_official(name: str) -> bool:
    """Tell whether a name without tag is one of Docker's official images that people copy from."""
    return name in _OFFICIAL or name in _DISTROS or name in _RUNTIMES


_OFFICIAL = frozenset({
    "busybox", "composer", "docker", "caddy", "traefik", "httpd", "memcached", "rabbitmq",
    "consul", "vault", "maven",
    "gradle", "rust", "gcc", "bash", "wordpress", "haproxy", "tomcat", "jetty", "elixir", "erlang",
    "julia", "swift",
})  # fmt: skip
