"""Who we are at a registry: what Docker and Podman keep, and what their credential helpers say.

config.json and auth.json: `credHelpers` wins over `credsStore`, which wins over `auths`. Keys are
hosts, old URLs (`https://index.docker.io/v1/`), or a host and a path, of which the longest wins.
A file or a helper that cannot be used is no error yet: most images need nobody to log in. What went
wrong is kept in `problem`, for when the registry does refuse.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from pratique.model.settings import Settings

HUB = "docker.io"
_HUB_KEY = "https://index.docker.io/v1/"
_HUB_HOSTS = ("index.docker.io", "registry-1.docker.io", "docker.io")
_SUFFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FILE_LIMIT = 1 << 20
_TIMEOUT = 30.0  # a cloud's helper asks its cloud
_IDENTITY = "<token>"


class Credentials(Struct, frozen=True):
    """Name and password, or a token; empty for nobody. Never shows its secrets."""

    username: str = ""
    password: str = ""
    identity_token: str = ""
    """To be exchanged for an access token by OAuth 2 (`identitytoken`)."""
    registry_token: str = ""
    """To be sent as it is (`registrytoken`)."""
    origin: str = ""
    """Where they were found, for messages."""
    problem: str = ""
    """Why none were found, where something was in the way."""

    def __bool__(self) -> bool:
        return bool(self.username or self.identity_token or self.registry_token)

    def __repr__(self) -> str:
        return f"Credentials(origin={self.origin!r}, problem={self.problem!r})"

    __str__ = __repr__


class _Auth(Struct):
    auth: str | None = None
    username: str | None = None
    password: str | None = None
    identitytoken: str | None = None
    registrytoken: str | None = None


class _File(Struct):
    auths: dict[str, _Auth | None] | None = None
    cred_helpers: dict[str, str] | None = msgspec.field(default=None, name="credHelpers")
    creds_store: str | None = msgspec.field(default=None, name="credsStore")


class _Answer(Struct):
    username: str = msgspec.field(default="", name="Username")
    secret: str = msgspec.field(default="", name="Secret")


def given(settings: Settings, registry: str) -> Credentials:
    """Return the credentials of the settings, where they are for this host."""
    if settings.credentials_for not in (None, registry):
        return Credentials()
    return Credentials(
        settings.username, settings.password, registry_token=settings.registry_token,
        origin="given credentials",
    )  # fmt: skip


def withheld(settings: Settings) -> tuple[str, ...]:
    """Return the line that credentials were not used, where there are some to say it of."""
    if not (settings.username or settings.registry_token):
        return ()
    told = "the credentials that were given are sent to none of the registries that files name"
    return (f"{told}: log in there (docker login, podman login)",)


def find(
    registry: str,
    repository: str = "",
    environ: Mapping[str, str] = os.environ,
    timeout: float = _TIMEOUT,
) -> Credentials:
    """Return the credentials for a repository, of the first file that has some.

    Files in order: those that DOCKER_CONFIG and REGISTRY_AUTH_FILE name, Docker's, Podman's.
    """
    place = f"{_host(registry)}/{repository}".rstrip("/")
    problems = []
    for path in files(environ):
        found = _in_file(path, place, timeout)
        if found:
            return found
        if found.problem:
            problems.append(found.problem)
    return Credentials(problem="; ".join(problems))


def files(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return where credentials may be kept, whether or not the files are there."""
    home = environ.get("HOME") or os.path.expanduser("~")
    docker = environ.get("DOCKER_CONFIG", "")
    named, podman = environ.get("REGISTRY_AUTH_FILE", ""), environ.get("XDG_RUNTIME_DIR", "")
    paths = [
        os.path.join(docker, "config.json") if docker else "",
        named,
        "" if docker else os.path.join(home, ".docker", "config.json"),
        os.path.join(podman, "containers", "auth.json") if podman else "",
        os.path.join(home, ".config", "containers", "auth.json"),
    ]
    return [path for path in paths if path]


def _in_file(path: str, place: str, timeout: float) -> Credentials:
    try:
        with open(path, "rb") as stream:
            parsed = msgspec.json.decode(stream.read(_FILE_LIMIT), type=_File)
    except FileNotFoundError:
        return Credentials()
    except OSError as error:
        return Credentials(problem=f"{path}: {error.strerror}")
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return Credentials(problem=f"{path}: not a file of Docker's or Podman's credentials")
    problem = ""
    for server, suffix in _helpers(parsed, place):
        found = _ask(suffix, server, timeout)
        if found:
            return found
        problem = problem or found.problem
    found = _in_auths(parsed.auths or {}, place, path)
    return found if found or not problem else Credentials(problem=problem)


def _helpers(parsed: _File, place: str) -> Iterator[tuple[str, str]]:
    """Yield what to ask which helper for, in order."""
    helpers = parsed.cred_helpers or {}
    for key in _keys(helpers, place):
        yield _server(_host(key)), helpers[key]
    if parsed.creds_store:
        yield _server(place.partition("/")[0]), parsed.creds_store


def _in_auths(auths: Mapping[str, _Auth | None], place: str, path: str) -> Credentials:
    problem = ""
    for key in _keys(auths, place):
        entry = auths[key] or _Auth()
        username, password = entry.username or "", entry.password or ""
        if entry.auth:
            pair = _decoded(entry.auth)
            problem = problem or ("" if pair else f"{path}: the entry {key!r} cannot be decoded")
            username, password = pair or (username, password)
        found = Credentials(
            username, password, entry.identitytoken or "", entry.registrytoken or "", path
        )
        if found:
            return found
    return Credentials(problem=problem)


def _decoded(auth: str) -> tuple[str, str] | None:
    """Return name and password of their base64; Docker for Windows pads them with NUL."""
    from base64 import b64decode  # noqa: PLC0415 - wanted by who is logged in

    try:
        username, colon, password = b64decode(auth, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (username, password.strip("\0")) if colon else None


def _keys(keys: Mapping[str, object], place: str) -> list[str]:
    """Return the keys that a place is below of, the longest first."""
    fitting = [key for key in keys if f"{place}/".startswith(f"{_host(key)}/")]
    return sorted(fitting, key=lambda key: -len(_host(key)))


def _host(key: str) -> str:
    """Return a key as host or host/path: without scheme, without the API's version."""
    name = re.sub(r"^https?://", "", key).rstrip("/")
    name = re.sub(r"/v[12]$", "", name)
    host, slash, path = name.partition("/")
    return (HUB if host in _HUB_HOSTS else host.lower()) + slash + path


def _server(place: str) -> str:
    return _HUB_KEY if place == HUB else place


def _ask(suffix: str, server: str, timeout: float) -> Credentials:
    """Ask docker-credential-<suffix>, as docker/docker-credential-helpers tells: `get` on stdin."""
    program = f"docker-credential-{suffix}"
    if not _SUFFIX.fullmatch(suffix):
        return Credentials(problem=f"{suffix!r} is not the name of a credential helper")
    output, problem = _run(program, server, timeout)
    if problem is not None:
        return Credentials(problem=problem)
    try:
        answer = msgspec.json.decode(output, type=_Answer)
    except (msgspec.MsgspecError, UnicodeError):
        return Credentials(problem=f"{program} gave an answer that cannot be read")
    if answer.username == _IDENTITY:
        return Credentials(identity_token=answer.secret, origin=program)
    return Credentials(answer.username, answer.secret, origin=program)


def _run(program: str, server: str, timeout: float) -> tuple[bytes, str | None]:
    """Return a helper's output, and what is wrong: "" where it merely has no entry, or None."""
    import subprocess  # noqa: PLC0415 - 10 ms, wanted where a helper is set up

    try:
        done = subprocess.run(
            [program, "get"],
            input=server.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b"", f"{program} gave no answer within {timeout:g} s"
    except OSError as error:
        return b"", f"{program} cannot be run: {error.strerror}"
    return done.stdout, _complaint(program, done.stdout) if done.returncode else None


def _complaint(program: str, output: bytes) -> str:
    """Return a helper's message, which it writes to stdout; none if it merely has no entry."""
    said = "".join(filter(str.isprintable, output.decode(errors="replace")))[:200]
    return "" if "credentials not found" in said else f"{program}: {said or 'it failed'}"
