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
_USERADD = "useradd --uid 10001 --create-home --shell {} {}"
_ADDUSER = "adduser -D -u 10001 -s /sbin/nologin {}"
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
_WRITERS = (
    ("celery", "beat"),
    ("next", "start"),
    ("manage.py", "runserver"),
    ("rails", "server"),
    ("tee",),
)


_VALUED = {"useradd": "bcdefgGkKpsuZRP", "adduser": "hgsGku"}
_VALUED_LONG = frozenset({
    "--base-dir", "--comment", "--home-dir", "--home", "--expiredate", "--inactive", "--gid",
    "--gecos", "--groups", "--ingroup", "--skel", "--key", "--password", "--shell", "--uid",
    "--firstuid", "--lastuid", "--conf", "--selinux-user", "--root", "--prefix",
})  # fmt: skip
_MAKERS = ("useradd", "adduser", "groupadd", "addgroup")


def own_user(stage: Stage) -> str:
    """Return the user that the Dockerfile itself makes."""
    for one in stage.lineage:
        for step in one.steps:
            if step.command.name in _VALUED:
                name = _account(step.command.name, step.command.args)
                if re.fullmatch(r"[a-z_][a-z0-9_-]*", name) and name != "root":
                    return name
    return ""


def _account(program: str, args: tuple[str, ...]) -> str:
    """Return the account that a command makes; `adduser USER GROUP` makes none."""
    names, is_value = list[str](), False
    for arg in args:
        if is_value:
            is_value = False
        elif arg.startswith("--"):
            is_value = arg in _VALUED_LONG
        elif arg.startswith("-") and len(arg) > 1:
            is_value = arg[-1] in _VALUED[program]
        else:
            names.append(arg)
    return names[0] if len(names) == 1 else ""


def new_name(stage: Stage) -> str:
    """Return a name for a user and its group that the Dockerfile gives to neither yet."""
    taken = {arg for one in stage.lineage for step in one.steps
             if step.command.name in _MAKERS for arg in step.command.args}  # fmt: skip
    return next(
        (name for name in ("app", "runner", "service") if name not in taken), "unprivileged"
    )


def user_of_base(stage: Stage) -> str:
    """Return the user that a base image has for what is built on it; empty where none is known."""
    base = reference(stage.root)
    if base and base.registry == "gcr.io" and base.repository.startswith("distroless/"):
        return "nonroot"
    return _OF_BASE.get(base.repository, "") if base else ""


def maker_of(situation: Situation, name: str) -> str:
    """Return the command that makes a user in this distribution; empty where it is not known."""
    if situation.inventory:
        has = {(p.type, p.name) for p in situation.inventory.packages}
        if ("deb", "passwd") in has:
            return _USERADD.format("/usr/sbin/nologin", name)
        if ("rpm", "shadow-utils") in has:
            return _USERADD.format("/sbin/nologin", name)
        return _ADDUSER.format(name) if ("apk", "busybox") in has else ""
    base = reference(situation.made.final.root)
    image = (
        base.repository.removeprefix("library/") if base and base.registry == "docker.io" else ""
    )
    if base and image in _LANGUAGES and (image == "alpine" or "alpine" in base.tag):
        return _ADDUSER.format(name)
    return _USERADD.format("/usr/sbin/nologin", name) if image in _DEBIAN else ""


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
    if port := low_port(final):
        return f"port {port} is root's in many places"
    words = [word for one in starts for word in words_of(one)]
    if programs := _NEED_ROOT & {word.rpartition("/")[2] for word in words}:
        return f"{min(programs)} begins as root"
    return _onbuild(made) or _in_home(made) or _browser(made) or _in_scripts(situation, words)


def _browser(made: Build) -> str:
    """Return what fetches a browser into the home of who builds."""
    manifest = made.read("package.json") or ""
    places = {name for stage in made.shipped for one in stage.all("ENV") for name, _ in pairs(one)}
    for name in ("puppeteer", "playwright"):
        ran = any(" ".join([step.command.name, *step.command.args]).startswith(f"{name} install")
                  or step.command.args[:2] == (name, "install")
                  for stage in made.shipped for step in stage.steps)  # fmt: skip
        is_set = any(place.startswith(name.upper()) for place in places)
        if (ran or f'"{name}"' in manifest) and not is_set:
            return f"{name} keeps its browser in root's home"
    return ""


def _onbuild(made: Build) -> str:
    """Return which ONBUILD another build would run as that user."""
    every = (one for stage in made.shipped for one in stage.instructions)
    return next(
        (f"ONBUILD of line {one.start} would run as it" for one in every if one.onbuild), ""
    )


def low_port(stage: Stage) -> int:
    """Return a port that is root's alone where nothing says otherwise; 0 for none."""
    return next((port for port in _ports(stage) if port < 1024), 0)


def _ports(final: Stage) -> Iterator[int]:
    given = [final.expanded(one, word.text) for one in final.all("EXPOSE") for word in one.words()]
    given += [match[1] for one in started(final) for word in _joined(words_of(one))
              if (match := _PORT.search(word))]  # fmt: skip
    given += [final.expanded(one, value or "") for one in final.all("ENV")
              for name, value in pairs(one) if f"_{name}".endswith("_PORT")]  # fmt: skip
    for text in given:
        number = text.partition("/")[0].partition("-")[0]  # of a range the first
        if number.isdigit() and len(number) < 6:
            yield int(number)


def _joined(words: list[str]) -> Iterator[str]:
    """Yield words but for the program, each also with the one before: `--port 80`."""
    for before, word in pairwise(words):
        yield f"{before} {word}" if before.startswith("-") else word if ":" in word else ""
        yield word if word.startswith("-") and "=" in word else ""


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
                values = [(name, stage.expanded(one, value or "")) for name, value in pairs(one)]
                paths = [value for name, value in values
                         if value.startswith("/") and _FOLDER.search(name)]  # fmt: skip
            found |= dict.fromkeys(_folder(stage, at, stage.expanded(one, path)) for path in paths)
        for step in stage.steps:
            if step.command.name == "mkdir":
                at = stage.places[step.instruction.start]
                names = [stage.expanded(step.instruction, arg) for arg in step.command.args
                         if not arg.startswith("-")]  # fmt: skip
                found |= dict.fromkeys(_folder(stage, at, name) for name in names if _is_data(name))
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
