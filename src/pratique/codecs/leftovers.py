"""Tell by its path what a file of an image was left over from, or which program it is.

What packages bring with themselves (test keys, sample `.env` files) is not left over: folders of
libraries and documentation are passed over.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Found(NamedTuple):
    """What a path tells: the kind of trace, and a name."""

    what: str
    detail: str


_CACHES = tuple(
    (re.compile(pattern.encode()), name)
    for pattern, name in (
        (r"var/lib/apt/lists/.+_(?:Packages|Sources|(?:In)?Release|Translation-\w+)(?:\.\w+)?$",
         "apt lists"),
        (r"var/cache/apt/(?:archives/(?:partial/)?.+\.deb|(?:src)?pkgcache\.bin)$", "apt archives"),
        (r"(?:var/cache|etc)/apk/(?:.*/)?(?:APKINDEX.*|.+\.apk)$", "apk cache"),
        (r"var/cache/(?:lib)?(?:dnf5?|yum|tdnf|microdnf)/.+\.(?:rpm|solvx?|sqlite\S*|xml\S*)$",
         "dnf or yum cache"),
        (r"var/cache/zypp/(?:packages|raw|solv)/.", "zypper cache"),
        (r"var/cache/pacman/pkg/.", "pacman cache"),
        (r"(?:.*/)?\.cache/pip/.", "pip cache"),
        (r"(?:.*/)?\.cache/(?:uv|pypoetry|pipenv)/.", "uv, Poetry or Pipenv cache"),
        (r"(?:.*/)?\.npm/_(?:cacache|logs)/.", "npm cache"),
        (r"(?:.*/)?(?:\.cache/yarn|\.yarn/cache|\.yarn-cache)/.", "Yarn cache"),
        (r"(?:.*/)?(?:go/pkg/mod/cache|\.cache/go-build)/.", "Go caches"),
        (r"(?:.*/)?\.m2/repository/.", "Maven repository"),
        (r"(?:.*/)?\.gradle/(?:caches|wrapper)/.", "Gradle caches"),
        (r"(?:.*/)?(?:\.cargo|usr/local/cargo)/(?:registry|git)/.", "Cargo registry"),
        (r"(?:.*/)?(?:\.composer/cache|\.cache/composer)/.", "Composer cache"),
        (r"(?:.*/)?\.bundle/cache/.", "Bundler cache"),
        (r"opt/(?:mini)?conda3?/pkgs/.", "conda packages"),
    )
)  # fmt: skip
_CACHE_STARTS = (b"var/lib/apt/", b"var/cache/", b"etc/apk/", b"opt/", b"go/", b"usr/local/cargo/")
_LIBRARIES = re.compile(
    rb"(?:^|/)(?:node_modules|site-packages|dist-packages|gems|vendor|go/pkg/mod|testdata|tests?"
    rb"|examples?|fixtures|docs?|\.cargo|\.m2|\.npm|\.cache)/"
    rb"|^usr/(?:local/)?(?:share|lib(?:32|64)?|src|include|libexec)/|^lib(?:32|64)?/"
    rb"|^(?:nix|gnu)/store/|^var/lib/(?:dpkg|rpm)/|^opt/(?:mini)?conda3?/"
)
_REPOSITORIES = {
    b"HEAD": re.compile(rb"(?:.*/)?\.git/HEAD$"),
    b"wc.db": re.compile(rb"(?:.*/)?\.svn/wc\.db$"),
    b"requires": re.compile(rb"(?:.*/)?\.hg/requires$"),
    b"format": re.compile(rb"(?:.*/)?\.bzr/(?:branch/|branch-)format$"),
}
_HISTORIES = frozenset({
    b".bash_history", b".ash_history", b".sh_history", b".zsh_history", b".python_history",
    b".node_repl_history", b".mysql_history", b".psql_history", b".rediscli_history",
    b".sqlite_history", b".dbshell", b".irb_history", b".viminfo",
})  # fmt: skip
_ENVIRONMENT = re.compile(
    rb"\.env(?:\.(?!.*(?:example|sample|template|dist|default|schema))[\w.-]+)?"
)
_KEY = re.compile(
    rb"id_(?:rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)|ssh_host_\w+_key|privkey\d*\.pem|key\.pem"
    rb"|(?:.*[-_.])?(?:private|priv)[-_.]?key(?:\.\w+)?|.+[-_.]key\.pem"
    rb"|.+\.(?:key|p12|pfx|jks|jceks|keystore|bcfks|ppk|kdbx)"
)
_KEYSTORES = (b".p12", b".pfx", b".jks", b".jceks", b".bcfks", b".ppk", b".kdbx")
_PUBLIC = re.compile(rb"public|\.pub(?:\.|$)|truststore|cacerts", re.IGNORECASE)
_CREDENTIALS = tuple(
    (re.compile(rb"(?:.*/)?" + pattern.encode() + b"$"), name)
    for pattern, name in (
        (r"\.aws/(?:credentials|config|sso/cache/.+)", "AWS"),
        (r"\.azure/.+", "Azure"),
        (r"(?:\.config/gcloud/.+|application_default_credentials\.json)", "Google Cloud"),
        (r"\.kube/config", "Kubernetes"),
        (r"\.docker/config\.json|\.config/containers/auth\.json", "a registry"),
        (r"\.oci/.+", "Oracle Cloud"),
        (r"\.config/doctl/.+", "DigitalOcean"),
        (r"\.terraform\.d/credentials\.tfrc\.json|.+\.tfstate(?:\.backup)?", "Terraform"),
        (r"\.git-credentials|\.config/gh/hosts\.yml|\.config/glab-cli/config\.yml", "Git hosting"),
        (r"\.netrc", "any host (.netrc)"),
        (r"\.pgpass|\.my\.cnf", "a database"),
        (r"\.pypirc|\.gem/credentials|\.cargo/credentials(?:\.toml)?", "a package registry"),
        (r"\.vault-token", "Vault"),
        (r"\.s3cfg|\.boto|\.config/rclone/rclone\.conf|\.passwd-s3fs", "object storage"),
    )
)  # fmt: skip
_SSH = re.compile(rb"(?:.*/)?\.ssh/(?!known_hosts)[^/]+$")
_RUNTIME = re.compile(
    rb"(?:var/)?run/(?:(?:docker|podman|crio)(?:/.*)?\.sock$|containerd/.|secrets/(?!rhsm|etc-pki))"
    rb"|(?:\.dockerenv|run/\.containerenv|kaniko/executor)$"
)
_RUNTIME_STARTS = (b"run/", b"var/run/", b".dockerenv", b"kaniko/")
_BIN = re.compile(rb"(?:usr/)?(?:local/)?s?bin/[^/]+$")
_LOADER = re.compile(
    rb"(?:usr/)?lib(?:32|64)?/(?:[\w-]+-linux-\w+/)?ld-(?:linux|musl)-?([\w-]*)\.so\.\d$"
)
_LOADERS = {
    b"x86-64": "amd64", b"x86_64": "amd64", b"aarch64": "arm64", b"armhf": "arm", b"arm": "arm",
    b"i386": "386", b"": "386", b"riscv64-lp64d": "riscv64", b"riscv64": "riscv64",
    b"s390x": "s390x", b"powerpc64le": "ppc64le", b"loongarch-lp64d": "loong64",
}  # fmt: skip
SHELLS = frozenset({
    "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "busybox", "csh", "tcsh", "rbash",
})  # fmt: skip
PACKAGE_MANAGERS = frozenset({
    "apt", "apt-get", "dpkg", "apk", "dnf", "dnf5", "microdnf", "yum", "tdnf", "rpm", "zypper",
    "pacman", "emerge", "opkg", "pip", "pip3", "npm", "yarn", "pnpm", "gem", "composer", "conda",
    "uv", "poetry",
})  # fmt: skip
COMPILERS = frozenset({
    "gcc", "g++", "cc", "c++", "clang", "clang++", "tcc", "make", "gmake", "cmake", "ninja", "as",
    "ld", "rustc", "cargo", "go", "javac", "gfortran", "mvn", "gradle", "gdb", "strace", "ltrace",
})  # fmt: skip
REMOTE = frozenset({
    "sshd", "dropbear", "telnetd", "in.telnetd", "rlogind", "rshd", "vncserver", "xrdp", "vsftpd",
    "proftpd", "tftpd",
})  # fmt: skip
TOOLS = frozenset({
    "nc", "ncat", "netcat", "nmap", "socat", "tcpdump", "telnet", "tshark", "masscan", "hydra",
})  # fmt: skip
_PROGRAMS = SHELLS | PACKAGE_MANAGERS | COMPILERS | REMOTE | TOOLS | {"sudo", "doas"}


def of_path(path: bytes) -> Found | None:
    """Return what a path relative to the root tells, or None, as almost all do.

    A layer has 100,000 paths: most are told by one or two searches for a few bytes.
    """
    name = path[path.rfind(b"/") + 1 :]
    if b"bin/" in path and _BIN.match(path):
        program = name.decode("utf-8", "replace")
        return Found("program", program) if program in _PROGRAMS else None
    if name.startswith(b"ld-") and (loader := _LOADER.match(path)):
        return Found("loader", _LOADERS.get(loader[1], loader[1].decode()))
    hidden = b"/." in path or path.startswith(b".")
    if hidden or path.startswith(_CACHE_STARTS) or b"/go/pkg/mod/cache/" in path:
        for pattern, cache in _CACHES:
            if pattern.match(path):
                return Found("cache", cache)
    found = _left(path, name, hidden=hidden)
    return None if found is None or _LIBRARIES.search(path) else found


def _left(path: bytes, name: bytes, *, hidden: bool) -> Found | None:
    """Return what someone left behind: a repository, a key, credentials, a history."""
    if hidden and (repository := _REPOSITORIES.get(name)) and repository.match(path):
        return Found("repository", path[: path.rfind(b"/")].decode("utf-8", "replace"))
    if hidden or b".tfstate" in name or name.startswith(b"application_default"):
        for pattern, whose in _CREDENTIALS:
            if pattern.match(path):
                return Found("credentials", whose)
    what = _kind(path, name)
    return Found(what, name.decode("utf-8", "replace")) if what else None


def _kind(path: bytes, name: bytes) -> str:
    """Return what a file is by its name, and by the folder that it is in."""
    if name in _HISTORIES:
        return "history"
    perhaps = b"key" in name or name.endswith(_KEYSTORES) or name.startswith(b"id_")
    if perhaps and _KEY.fullmatch(name) and not _PUBLIC.search(name):
        return "key"
    if b".ssh/" in path and _SSH.match(path):
        return "ssh"
    if name.startswith(b".env") and _ENVIRONMENT.fullmatch(name):
        return "environment"
    is_runtime = path.startswith(_RUNTIME_STARTS) and _RUNTIME.match(path)
    return "runtime" if is_runtime else ""
