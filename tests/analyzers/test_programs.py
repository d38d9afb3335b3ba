from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executables import elf
from memory import MemoryFile
from pratique.analyzers.programs import programs
from pratique.codecs.known_programs import cpe, programs_named
from pratique.model.inventory import Package

# as they stand in the binaries of the projects and of Debian 12
SAMPLES = [
    ("usr/local/bin/python3.12", b"\x003.12.4\x00strict\x00", "python", "3.12.4"),
    ("opt/py/lib/libpython3.6m.so.1.0", b"debug\x003.6.15+\x00", "python", "3.6.15"),
    ("opt/py/lib/libpython3.11.so.1.0", b"\0/opt/py/3.11.7\0pybuild", "python", "3.11.7"),
    ("usr/local/bin/python3", b"\x00\x003.13.0rc2\x00", "python", "3.13.0rc2"),
    ("usr/lib/libpypy3.9-c.so", b"[PyPy 7.3.11 with GCC 12.2.0]", "pypy", "7.3.11"),
    ("usr/local/bin/node", b"/json\0node.js/v20.11.1\0(delegate_)", "node", "20.11.1"),
    ("opt/node/bin/node", b"org/download/release/v6.9.1/node-v6.9.1.tar.gz\0", "node", "6.9.1"),
    ("usr/bin/deno", b"denover2.1.0+3da4ecaDeno/2.1.0Deno/2.1.0+3da4eca", "deno", "2.1.0"),
    ("usr/local/bin/bun", b"\0bun/1.0.0 npm/? node/v18.15.0 linux x64\0", "bun", "1.0.0"),
    (
        "usr/local/lib/libruby.so.3.1.2",
        b"\0ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux]\0",
        "ruby",
        "3.1.2",
    ),
    ("usr/local/sbin/php-fpm", b"\0X-Powered-By: PHP/8.2.20\0", "php", "8.2.20"),
    ("usr/local/bin/php8.3", b"\0X-Powered-By: PHP/8.3.0RC4\0", "php", "8.3.0RC4"),
    ("usr/local/bin/perl5.36.0", b"\0v5.36.0\0panic", "perl", "5.36.0"),
    ("usr/sbin/nginx", b"\0Server: nginx/1.22.1\r\n", "nginx", "1.22.1"),
    ("usr/local/openresty/nginx/sbin/nginx", b"\0openresty/1.21.4.1\0", "openresty", "1.21.4.1"),
    ("usr/local/apache2/bin/httpd", b"\0Apache/2.4.58 (Unix)\0", "httpd", "2.4.58"),
    ("usr/local/bin/redis-server", b"err\x007.0.15\x00c11-builtin\x00", "redis", "7.0.15"),
    ("usr/local/bin/redis-cli", b"\n\x007.2.4\x00 (git:%s\x00-dirty\x00", "redis", "7.2.4"),
    ("opt/pg/bin/postgres", b"\0postgres (PostgreSQL) 16.1\n\0", "postgresql", "16.1"),
    ("usr/sbin/mariadbd", b"\x0010.11.19-MariaDB\x00x86_64\x00", "mariadb", "10.11.19"),
    ("usr/sbin/mysqld", b"/build/mysql-8.0.36/sql/mysqld.cc\0", "mysql", "8.0.36"),
    ("opt/lib/libcrypto.so.1.1", b"\0OpenSSL 1.1.1w  11 Sep 2023\0", "openssl", "1.1.1w"),
    ("opt/bin/openssl", b"\0OpenSSL 3.0.13 30 Jan 2024\0", "openssl", "3.0.13"),
    ("opt/bin/curl", b"\0curl/8.4.0\0", "curl", "8.4.0"),
    ("opt/static/curl", b"\0libcurl/8.4.0\0", "curl", "8.4.0"),
    ("opt/lib/libcurl.so.4.8.0", b"\0libcurl/7.88.1\0", "curl", "7.88.1"),
    ("bin/busybox", b"\0BusyBox v1.36.1 (2023-11-07 18:53:09 UTC)\0", "busybox", "1.36.1"),
    ("bin/[", b"\0syslogd started: BusyBox v1.36.1\0BusyBox v1.36.1\0", "busybox", "1.36.1"),
    ("opt/bin/bash", b"\0@(#)Bash version 5.2.15(1) release GNU\0", "bash", "5.2.15"),
    ("usr/local/sbin/haproxy", b" version 2.8.5-aaba8d0, released 2023/12/07", "haproxy", "2.8.5"),
    ("usr/local/bin/memcached", b"\0memcached 1.6.18\0", "memcached", "1.6.18"),
    ("usr/sbin/lighttpd", b"\0lighttpd/1.4.69\0", "lighttpd", "1.4.69"),
    ("usr/sbin/varnishd", b"\0varnish-7.1.1 revision 7cee1c581b\0", "varnish", "7.1.1"),
    ("usr/sbin/squid", b"\0squid/5.7\0", "squid", "5.7"),
    ("usr/sbin/dnsmasq", b"\0dnsmasq-2.90\0", "dnsmasq", "2.90"),
    ("usr/sbin/sshd", b"\0OpenSSH_9.2p1 Debian-2+deb12u10\0", "openssh", "9.2p1"),
    ("opt/lib/liblua5.4.so.5.4.4", b"$LuaVersion: Lua 5.4.4  Copyright (C) 1994", "lua", "5.4.4"),
    ("opt/sbin/unbound", b"\0unbound 1.17.1\0", "unbound", "1.17.1"),
    ("usr/sbin/exim4", b"<<eximcnumber>>\x004.96\0<<eximversion>>\0", "exim", "4.96"),
    ("opt/sbin/proftpd", b"\0ProFTPD Version 1.3.8b\0", "proftpd", "1.3.8b"),
    ("opt/lib/libz.so.1.3", b" deflate 1.3 Copyright 1995-2023", "zlib", "1.3"),
    ("opt/bin/git", b"\xffgit/2.39.5\0", "git", "2.39.5"),
]


def read(path: str, content: bytes) -> list[Package]:
    program = elf({".rodata": b"\0" + content + b"\0"})
    return [p for p in programs.analyze(MemoryFile(path, program)) if isinstance(p, Package)]


@pytest.mark.parametrize(("path", "content", "name", "version"), SAMPLES)
def test_a_program_tells_its_version(path: str, content: bytes, name: str, version: str) -> None:
    [package] = read(path, content)
    assert (package.name, package.version, package.type) == (name, version, "generic")
    assert not package.cpe or f":{version}:" in package.cpe


@pytest.mark.parametrize(
    ("path", "content"),
    [
        # another program's name
        ("usr/bin/server", b"\0Server: nginx/1.22.1\r\n"),
        ("usr/bin/nginxctl", b"\0Server: nginx/1.22.1\r\n"),
        ("usr/lib/python3.11/lib-dynload/_ssl.so", b"\x003.11.2\x00OpenSSL 3.0.13 30 Jan 2024\0"),
        # texts that mention a version
        (
            "usr/bin/node",
            b"see https://github.com/nodejs/node-v0.x-archive and node.js/v20.1.0-x y",
        ),
        ("usr/bin/python3.11", b"\x003.10.2\x003.11\x003.11.2.1\x00"),
        ("usr/bin/python3", b"\x003.40.1\x00SQLite"),
        ("usr/bin/redis-server", b"\x00127.0.0.1\x006.2.0\x00 or newer\x00"),
        ("usr/bin/redis-cli", b"\x007.0.0\x00ACL GENPASS\x00"),
        ("usr/bin/curl", b"\0needs curl/7.10.0\0 libcurl/7.88.1\0"),
        ("usr/bin/mysqld", b"upgrade from mysql-5.7.44 first"),
        ("usr/bin/bash", b"GNU bash, version %s (%s)\n\0"),
        ("usr/bin/haproxy", b"not supported any more since HAProxy version 2.5.\n"),
        ("usr/bin/deno", b"OTel-OTLP-Exporter-Deno/0.80.0grpc-timeout"),
        ("usr/sbin/sshd", b"\0OpenSSH_2.*,OpenSSH_3.0*\0OpenSSH_9.2\0"),
        ("usr/bin/httpd", b"\0Apache/2\0Apache/2.4\0"),
        ("usr/bin/openssl", b"\0needs OpenSSL 1.1.1w  11 Sep 2023\0"),
        ("usr/bin/" + "a-" * 100, b""),
    ],
)
def test_what_only_mentions_a_version_is_not_that_program(path: str, content: bytes) -> None:
    assert read(path, content) == []


def test_a_version_across_two_pieces_of_a_large_file_is_found_once() -> None:
    for start in range((1 << 20) - 40, (1 << 20) + 40, 7):
        data = bytes(start) + b"\0curl/8.4.0\0" + bytes(50) + b"\0curl/8.4.0\0"
        [package] = programs.analyze(MemoryFile("opt/bin/curl", data))
        assert isinstance(package, Package)
        assert package.version == "8.4.0"


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_file_name_is_one_of_a_program_or_not(name: str) -> None:
    found, minor = programs_named(name)
    assert not found or re.fullmatch(r"[\d.]*", minor)


@settings(deadline=None)
@given(st.sampled_from(SAMPLES), st.binary(max_size=60), st.integers(0, 200))
def test_damaged_programs_give_a_version_or_nothing(
    sample: tuple[str, bytes, str, str], noise: bytes, at: int
) -> None:
    path, content, name, _ = sample
    damaged = content[:at] + noise + content[at + len(noise) :]
    assert all(package.name == name and package.version for package in read(path, damaged))


def test_a_cpe_name_quotes_punctuation() -> None:
    assert cpe("a:b", "1.0+x") == r"cpe:2.3:a:a:b:1.0\+x:*:*:*:*:*:*:*"
    assert cpe("", "1") == ""


@pytest.mark.parametrize(
    "command", ["bash", "curl", "git", "node", "openssl", "perl", "php", "python3", "ruby"]
)
def test_a_program_of_this_machine_has_the_version_that_it_says(command: str) -> None:
    path = os.path.realpath(shutil.which(command) or "")
    if not os.path.isfile(path):
        pytest.skip(f"no {command} on this machine")
    with open(path, "rb") as file:
        data = file.read()
    if not data.startswith(b"\x7fELF"):
        pytest.skip(f"{path} is no ELF program")
    found = [p for p in programs.analyze(MemoryFile(path, data)) if isinstance(p, Package)]
    if not found and command in ("python3", "ruby", "perl", "php"):
        pytest.skip(f"{path} has its code in a library")
    option = "version" if command == "openssl" else "--version"
    said = subprocess.run([path, option], capture_output=True, text=True, check=True).stdout
    [package] = found
    assert re.search(rf"\bv?{re.escape(package.version)}\b", said)


def test_an_interpreters_library_of_this_machine_has_the_version_that_its_folder_says() -> None:
    found = sorted(Path("~/.pyenv/versions").expanduser().glob("*/lib/libpython*.so.1.0"))
    if not found:
        pytest.skip("no shared library of a Python that was built here")
    for path in found:
        [package] = programs.analyze(MemoryFile(str(path), path.read_bytes()))
        assert isinstance(package, Package)
        assert package.version == path.parts[-3]
