"""Who may run what a Dockerfile builds: users that are there, how one is made, what needs root."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from pratique.codecs.dockerfile.build import Build, Stage, pairs
from pratique.codecs.dockerfile.images import is_windows, reference
from pratique.codecs.dockerfile.situation import Situation, started, words_of

_OF_BASE = {"library/node": "node"}
"""Official images that have a user for applications, and run as root all the same."""
_LANGUAGES = frozenset({
    "buildpack-deps", "debian", "eclipse-temurin", "gcc", "golang", "perl", "php", "pypy",
    "python", "ruby", "rust", "ubuntu", "alpine", "maven", "gradle", "elixir", "erlang",
    "fedora", "almalinux", "rockylinux", "amazonlinux", "oraclelinux", "julia", "haskell",
    "swift", "bash",
})  # fmt: skip
_DEBIAN = frozenset({
    "buildpack-deps", "debian", "eclipse-temurin", "gcc", "golang", "perl", "python", "pypy",
    "ruby", "rust", "ubuntu", "php",
})  # fmt: skip
_USERADD = "useradd --uid 10001 --create-home --shell {} app"
_NEED_ROOT = frozenset({
    "apache2", "apache2-foreground", "apachectl", "chronyd", "cron", "crond", "dhcpd",
    "dnsmasq", "dockerd", "haproxy", "httpd", "httpd-foreground", "init", "iptables", "mongod",
    "mysqld", "named", "nginx", "ntpd", "openvpn", "php-fpm", "postgres", "rsyslogd",
    "runsvdir", "s6-svscan", "service", "sshd", "sudo", "supervisord", "systemctl", "systemd",
    "tcpdump", "vsftpd", "unbound", "mount", "apt-get", "apt", "apk", "dnf", "yum",
})  # fmt: skip
_IN_SCRIPT = re.compile(
    r"(?m)\b(?:gosu|su-exec|sudo|chown|useradd|adduser|addgroup|groupadd|usermod|apt-get|apk|mount"
    r"|setcap|iptables|sysctl|update-ca-certificates|ldconfig|nginx|cron|sshd)\b|/etc/|/root\b"
)
_HOME = re.compile(r"/root(?![\w-])|(?<![\w/])~(?=/|\s|$)|\$\{?HOME\b|\s--user(?=\s|$)")
_PORT = re.compile(r"(?:^|:|(?:-p|--port|--http-port)[= ])(\d{1,5})$")
_FOLDER = re.compile(r"(?i)(?:^|_)(?:data|uploads?|media|logs?|cache|storage|state|spool|sessions?)"
                     r"(?:_(?:dir|directory|folder|path|root|home))?$")  # fmt: skip
_WRITERS = (("celery", "beat"), ("next", "start"), ("manage.py", "runserver"), ("rails", "server"))


def own_user(stage: Stage) -> str:
    """Return the user that the Dockerfile itself makes, or gives files to."""
    for one in stage.lineage:
        for step in one.steps:
            if step.command.name in ("useradd", "adduser") and (args := step.command.args):
                name = _account(step.command.name, args)
                if re.fullmatch(r"[a-z_][a-z0-9_-]*", name) and name != "root":
                    return name
    return ""


def _account(program: str, args: tuple[str, ...]) -> str:
    """Return the account that a command makes: its last word, of `adduser USER GROUP` none."""
    if program == "adduser" and len(args) == 2 and not args[0].startswith("-"):
        return ""
    return args[-1]


def user_of_base(stage: Stage) -> str:
    """Return the user that a base image has for what is built on it; empty where none is known."""
    base = reference(stage.root)
    if base and base.registry == "gcr.io" and base.repository.startswith("distroless/"):
        return "nonroot"
    return _OF_BASE.get(base.repository, "") if base else ""


def maker_of(situation: Situation) -> str:
    """Return the command that makes a user in this distribution; empty where it is not known."""
    if situation.inventory:
        has = {(p.type, p.name) for p in situation.inventory.packages}
        if ("deb", "passwd") in has:
            return _USERADD.format("/usr/sbin/nologin")
        if ("rpm", "shadow-utils") in has:
            return _USERADD.format("/sbin/nologin")
        busybox = ("apk", "busybox") in has
        return "adduser -D -u 10001 -s /sbin/nologin app" if busybox else ""
    base = reference(situation.made.final.root)
    name = base.repository.removeprefix("library/") if base and base.registry == "docker.io" else ""
    if base and name in _LANGUAGES and (name == "alpine" or "alpine" in base.tag):
        return "adduser -D -u 10001 -s /sbin/nologin app"
    return _USERADD.format("/usr/sbin/nologin") if name in _DEBIAN else ""


def hindrance(situation: Situation) -> str:
    """Return what stands against another user than root; empty for nothing that is seen."""
    made = situation.made
    final, starts = made.final, started(made.final)
    if not starts:
        return "what it starts is the base's own"
    if is_windows(final.root):
        return "it is of Windows"
    base = reference(final.root)
    official = base and base.registry == "docker.io" and base.repository.startswith("library/")
    name = base.repository.removeprefix("library/") if base else ""
    other = name not in _LANGUAGES or (base and "apache" in base.tag)
    if base and official and base.repository not in _OF_BASE and other:
        return "programs of this base begin as root"
    if port := next((port for port in _ports(final) if port < 1024), 0):
        return f"port {port} is root's in many places"
    words = [word for one in starts for word in words_of(one)]
    if programs := _NEED_ROOT & {word.rpartition("/")[2] for word in words}:
        return f"{min(programs)} begins as root"
    return _in_home(made) or _in_scripts(situation, words)


def _ports(final: Stage) -> Iterator[int]:
    given = [word.text for one in final.all("EXPOSE") for word in one.words()]
    given += [match[1] for one in started(final) for word in _joined(words_of(one))
              if (match := _PORT.search(word))]  # fmt: skip
    given += [value or "" for one in final.all("ENV") for name, value in pairs(one)
              if name == "PORT" or name.endswith("_PORT")]  # fmt: skip
    for text in given:
        number = text.partition("/")[0]
        if number.isdigit() and len(number) < 6:
            yield int(number)


def _joined(words: list[str]) -> Iterator[str]:
    """Yield words but for the program, each also with the one before: `--port 80`."""
    for before, word in pairwise(words):
        yield f"{before} {word}" if before.startswith("-") else word if ":" in word else ""


def _in_home(made: Build) -> str:
    for stage in made.shipped:
        for one in stage.instructions:
            text = "\n".join([one.rest, *(h.text for h in one.heredocs)])
            if one.name not in ("LABEL", "HEALTHCHECK") and _HOME.search(f" {text} "):
                if re.search(r"/root/\.cache", text) and not _HOME.search(
                    re.sub(r"\S*/root/\.cache\S*", "", f" {text} ")
                ):
                    continue
                return f"line {one.start} puts things into root's home"
    return ""


def _in_scripts(situation: Situation, words: list[str]) -> str:
    """Return which script that it starts does what root alone may, or is not to be read."""
    for word in words:
        if not word.endswith((".sh", ".bash")) and "entrypoint" not in word:
            continue
        name = word.rpartition("/")[2]
        found = [path for path in situation.names or () if path.rpartition("/")[2] == name]
        text = situation.made.read(found[0]) if len(found) == 1 else None
        if text is None:
            return f"what {name} does is not known"
        if match := _IN_SCRIPT.search(text):
            return f"{name} has {match[0]}"
    return ""


def writes_to(situation: Situation) -> list[str]:
    """Return the folders that the program writes to, by what the Dockerfile says."""
    found: dict[str, None] = {}
    for stage in situation.made.shipped:
        for at, one in enumerate(stage.instructions):
            paths = [word.text for word in one.words()] if one.name == "VOLUME" else []
            if one.name == "ENV":
                paths = [value for name, value in pairs(one)
                         if value and value.startswith("/") and _FOLDER.search(name)]  # fmt: skip
            found |= dict.fromkeys(_folder(stage, at, stage.expanded(one, path)) for path in paths)
        for step in stage.steps:
            if step.command.name == "mkdir":
                at = stage.places[step.instruction.start]
                names = [arg for arg in step.command.args if not arg.startswith("-")]
                found |= dict.fromkeys(_folder(stage, at, stage.expanded(step.instruction, name))
                                       for name in names if _is_data(name))  # fmt: skip
    return sorted(path for path in {**found, **dict.fromkeys(_workdir(situation.made))}
                  if re.fullmatch(r"(?:/[\w.-]+)+", path) and path.count("/") <= 8
                  and path not in _SYSTEM)  # fmt: skip


_SYSTEM = frozenset({
    "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/opt", "/proc", "/root", "/run", "/sbin",
    "/srv", "/sys", "/" + "tmp", "/usr", "/var", "/usr/bin", "/usr/lib", "/usr/local", "/var/cache",
    "/var/lib", "/var/log", "/var/run",
})  # fmt: skip


def _is_data(path: str) -> bool:
    return _FOLDER.search(posixpath.basename(path.rstrip("/"))) is not None


def _folder(stage: Stage, at: int, path: str) -> str:
    """Return an absolute path; of a file (`/data/app.db`) its folder; empty where unknown."""
    whole = posixpath.normpath(posixpath.join(stage.workdir_at(at) or "$", path))
    file = re.search(r"\.(?:db|sqlite3?|log|json)$", whole)
    return posixpath.dirname(whole) if file else whole


def _workdir(made: Build) -> list[str]:
    """Return the working directory, where what it starts is known to write there."""
    words = [word.rpartition("/")[2] for one in started(made.final) for word in words_of(one)]
    writes = any(all(part in words for part in parts) for parts in _WRITERS)
    return [made.final.workdir] if writes and made.final.workdir else []
