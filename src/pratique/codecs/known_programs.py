"""Programs that tell their version by their own strings: a table of facts.

Each pattern was tried on binaries that the projects or Debian publish, those of MySQL and OpenResty
excepted. A pattern asks for what stands around the version, so that a text that mentions another
program's does not count. What stands before it may be the beginning of another text, where a linker
made one the end of the other.
"""

from __future__ import annotations

import re

from msgspec import Struct

from pratique.codecs.window import Window

_CHUNK = 1 << 20
_OVERLAP = 256
"""No version with what stands around it is longer."""

# python3.11, libpython3.11.so.1.0, libruby-3.1.so.3.1.2, php-fpm8.2, libcrypto.so.3, busybox.static
_NAME = re.compile(
    r"(\[|[a-zA-Z]+(?:[-_][a-zA-Z]+)*?)-?(\d+(?:\.\d+)*)?[dmu]{0,3}"
    r"(?:-[a-z]+(?=\.so))?(?:\.so[\d.]*|\.exe|\.static)?",
    re.ASCII,
)
_LONGEST_NAME = 64
_ANY_MINOR = rb"(?:2\.7|3\.1?\d)"


class Program(Struct, frozen=True):
    """A program, where its version stands in it, and what it is called elsewhere."""

    name: str
    files: tuple[str, ...]
    """Names of its files without version and ending: `python`, `libpython`."""
    cpe: str
    """`vendor:product` of NVD's dictionary; empty where that has none."""
    near: bytes
    """What is looked for; `MINOR` is the version in the file's name, or any of Python's."""
    pattern: bytes
    """What must be around it, the version as its group."""


def _program(name: str, files: str, cpe: str, near: bytes, pattern: bytes) -> Program:
    return Program(name, tuple(files.split()), cpe, near, pattern)


_PROGRAMS = (
    _program("python", "python libpython", "python:python", b"MINOR.",
             rb"[\0/](MINOR\.\d+(?:(?:a|b|rc)\d+)?)\+?\0"),
    _program("pypy", "pypy libpypy", "", b"[PyPy ",
             rb"\[PyPy (\d+\.\d+\.\d+)(?:-\w+)? with"),
    _program("node", "node nodejs libnode", "nodejs:node.js", b"node.js/v",
             rb"\0node\.js/v(\d+\.\d+\.\d+)(?:-[\w.-]+)?\0"),
    _program("node", "node nodejs libnode", "nodejs:node.js", b"/node-v",
             rb"/download/release/v\d[\d.]*/node-v(\d+\.\d+\.\d+)\.tar\.gz"),
    _program("deno", "deno", "deno:deno", b"Deno/", rb"Deno/(\d+\.\d+\.\d+)Deno/\1\+"),
    _program("bun", "bun", "", b"bun/", rb"[\0 ]bun/(\d+\.\d+\.\d+) npm/\? node/v"),
    _program("ruby", "ruby libruby", "ruby-lang:ruby", b"\0ruby ",
             rb"\0ruby (\d\.\d+\.\d+(?:preview\d|rc\d|dev)?)(?:p-?\d+)? \(\d{4}-\d\d-\d\d "),
    _program("php", "php php-fpm php-cgi phpdbg libphp", "php:php", b"X-Powered-By: PHP/",
             rb"X-Powered-By: PHP/(\d+\.\d+\.\d+(?:-?(?:alpha|beta|RC)\d+)?)"),
    _program("perl", "perl libperl", "perl:perl", b"\0v5.", rb"\0v(5\.\d+\.\d+)\0"),
    _program("nginx", "nginx nginx-debug", "f5:nginx", b"nginx/",
             rb"[\0 >(]nginx/(\d+\.\d+\.\d+)[\0\r\n< )]"),
    _program("openresty", "nginx openresty", "openresty:openresty", b"openresty/",
             rb"[\0 >(]openresty/(\d+(?:\.\d+){3})[\0\r\n< )]"),
    _program("httpd", "httpd apache", "apache:http_server", b"Apache/2",
             rb"\0Apache/(2\.\d+\.\d+)(?: \(\w+\))?\0"),
    _program("redis", "redis-server redis-sentinel redis-check-rdb redis-check-aof",
             "redis:redis", b"-builtin", rb"\0(\d+\.\d+\.\d+)\0(?:c11|atomic|sync)-builtin\0"),
    _program("redis", "redis-cli", "redis:redis", b" (git:%s",
             rb"\0(\d+\.\d+\.\d+)\0 \(git:%s\0"),
    _program("postgresql", "postgres", "postgresql:postgresql", b"(PostgreSQL) ",
             rb"\0postgres \(PostgreSQL\) (\d+(?:\.\d+)+(?:(?:beta|rc)\d+)?)[\n ]"),
    _program("mariadb", "mariadbd mysqld mariadb mysql", "mariadb:mariadb", b"-MariaDB",
             rb"\0(\d+\.\d+\.\d+)-MariaDB[\0-]"),
    _program("mysql", "mysqld", "oracle:mysql", b"/mysql-",
             rb"/mysql-(?:community-)?(\d+\.\d+\.\d+)/"),
    _program("openssl", "openssl libcrypto", "openssl:openssl", b"\0OpenSSL ",
             rb"\0OpenSSL (\d+\.\d+\.\d+[a-z]{0,2})(?:-fips|\+quic)? {1,2}\d{1,2} \w{3} \d{4}\0"),
    _program("curl", "curl", "haxx:curl", b"curl/", rb"\0(?:lib)?curl/(\d+\.\d+\.\d+)\0"),
    _program("curl", "libcurl", "haxx:libcurl", b"libcurl/", rb"\0libcurl/(\d+\.\d+\.\d+)\0"),
    _program("busybox", "busybox [", "busybox:busybox", b"BusyBox v",
             rb"\0BusyBox v(\d+\.\d+\.\d+)(?: \([^\0)]{1,80}\))?\0"),
    _program("bash", "bash", "gnu:bash", b"@(#)Bash version ",
             rb"@\(#\)Bash version (\d+\.\d+\.\d+)\(\d+\) "),
    _program("haproxy", "haproxy", "haproxy:haproxy", b", released 2",
             rb" version (\d+\.\d+(?:\.\d+|-dev\d+))[^\0,]{0,40}, released 2\d{3}/"),
    _program("memcached", "memcached", "memcached:memcached", b"\0memcached ",
             rb"\0memcached (\d+\.\d+\.\d+)\0"),
    _program("lighttpd", "lighttpd", "lighttpd:lighttpd", b"\0lighttpd/",
             rb"\0lighttpd/(\d+\.\d+\.\d+)\0"),
    _program("varnish", "varnishd", "varnish-software:varnish_cache", b"varnish-",
             rb"\0varnish-(\d+\.\d+\.\d+) revision "),
    _program("squid", "squid", "squid-cache:squid", b"\0squid/",
             rb"\0squid/(\d+\.\d+(?:\.\d+)?)\0"),
    _program("dnsmasq", "dnsmasq", "thekelleys:dnsmasq", b"\0dnsmasq-",
             rb"\0dnsmasq-(\d+\.\d+)\0"),
    _program("openssh", "sshd", "openbsd:openssh", b"\0OpenSSH_",
             rb"\0OpenSSH_(\d+\.\d+p\d+)(?: [^\0]{1,60})?\0"),
    _program("lua", "lua liblua", "lua:lua", b"Lua 5.",
             rb"[\0 ]Lua (5\.\d\.\d+)  Copyright \(C\) "),
    _program("unbound", "unbound", "nlnetlabs:unbound", b"\0unbound ",
             rb"\0unbound (\d+\.\d+\.\d+)\0"),
    _program("exim", "exim", "exim:exim", b"<<eximversion>>",
             rb"\0(4\.\d+(?:\.\d+)?)\0<<eximversion>>\0"),
    _program("proftpd", "proftpd", "proftpd:proftpd", b"\0ProFTPD Version ",
             rb"\0ProFTPD Version (\d+\.\d+\.\d+[a-z]?)\0"),
    _program("zlib", "libz", "zlib:zlib", b" deflate ",
             rb" deflate (\d+\.\d+(?:\.\d+){0,2}) Copyright "),
    _program("git", "git", "git-scm:git", b"git/",
             rb"[\0-\x1f\x7f-\xff]git/(\d+\.\d+\.\d+)\0"),
)  # fmt: skip
_BY_FILE: dict[str, list[Program]] = {}
for _entry in _PROGRAMS:
    for _file in _entry.files:
        _BY_FILE.setdefault(_file, []).append(_entry)

GO_PROGRAMS = {
    "github.com/cli/cli": "github:cli",
    "github.com/caddyserver/caddy": "caddyserver:caddy",
    "github.com/containerd/containerd": "linuxfoundation:containerd",
    "github.com/docker/cli": "docker:command_line_interface",
    "github.com/docker/docker": "mobyproject:moby",
    "code.gitea.io/gitea": "gitea:gitea",
    "github.com/grafana/grafana": "grafana:grafana",
    "github.com/hashicorp/consul": "hashicorp:consul",
    "github.com/hashicorp/nomad": "hashicorp:nomad",
    "github.com/hashicorp/terraform": "hashicorp:terraform",
    "github.com/hashicorp/vault": "hashicorp:vault",
    "github.com/minio/minio": "minio:minio",
    "github.com/moby/buildkit": "mobyproject:buildkit",
    "github.com/opencontainers/runc": "linuxfoundation:runc",
    "github.com/prometheus/alertmanager": "prometheus:alertmanager",
    "github.com/prometheus/prometheus": "prometheus:prometheus",
    "github.com/traefik/traefik": "traefik:traefik",
    "go.etcd.io/etcd": "etcd:etcd",
    "helm.sh/helm": "helm:helm",
    "k8s.io/kubernetes": "kubernetes:kubernetes",
}
"""Programs written in Go, by the module that they are built of, with their CPE vendor:product."""


def programs_named(file_name: str) -> tuple[list[Program], str]:
    """Return the programs that a file may be by its name, and the version in the name."""
    match = _NAME.fullmatch(file_name) if len(file_name) <= _LONGEST_NAME else None
    return (_BY_FILE.get(match[1], []), match[2] or "") if match else ([], "")


def find_version(file: Window, programs: list[Program], minor: str) -> tuple[Program, str] | None:
    """Return which of some programs a file is, and its version; None where it is none of them.

    Goes through the file a mebibyte at a time, and no further than the first match.
    """
    searched = [(program, *_search(program, minor)) for program in programs]
    for at in range(0, file.size, _CHUNK):
        data = file.upto(at, _CHUNK + _OVERLAP)
        for program, near, pattern in searched:
            if version := _first(data, near, pattern):
                return program, version
    return None


def _search(program: Program, minor: str) -> tuple[bytes, re.Pattern[bytes]]:
    if b"MINOR" not in program.near:
        return program.near, re.compile(program.pattern)
    if "." not in minor:
        return b"", re.compile(program.pattern.replace(b"MINOR", _ANY_MINOR))
    name = minor.encode()
    pattern = program.pattern.replace(b"MINOR", re.escape(name))
    return program.near.replace(b"MINOR", name), re.compile(pattern)


def _first(data: bytes, near: bytes, pattern: re.Pattern[bytes]) -> str:
    """Return the version at the first place that has what must be around it.

    Looking for a literal first is ten times as fast as the expression alone.
    """
    at = data.find(near)
    while at >= 0:
        end = at + _OVERLAP if near else len(data)
        found = pattern.search(data, max(at - _OVERLAP, 0), end)
        if found or not near:
            return found[1].decode() if found else ""
        at = data.find(near, at + len(near))
    return ""


def cpe(product: str, version: str) -> str:
    """Return the CPE 2.3 name of a version of `vendor:product`; empty where there is no product.

    Punctuation of a version is quoted (NISTIR 7695, 6.2).
    """
    quoted = re.sub(r"([^\w.-])", r"\\\1", version)
    return f"cpe:2.3:a:{product}:{quoted}:*:*:*:*:*:*:*" if product else ""
