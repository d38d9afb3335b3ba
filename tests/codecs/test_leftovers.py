from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.leftovers import Found, of_path


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("usr/local/bin/npm", Found("program", "npm")),
        ("bin/busybox", Found("program", "busybox")),
        ("lib64/ld-linux-x86-64.so.2", Found("loader", "amd64")),
        ("usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1", Found("loader", "arm64")),
        ("lib/ld-musl-x86_64.so.1", Found("loader", "amd64")),
        ("root/.cache/uv/x", Found("cache", "uv, Poetry or Pipenv cache")),
        ("app/.git/HEAD", Found("repository", "app/.git")),
        (".git/HEAD", Found("repository", ".git")),
        ("home/a/.config/gcloud/x.db", Found("credentials", "Google Cloud")),
        ("etc/ssh/ssh_host_rsa_key", Found("key", "ssh_host_rsa_key")),
        ("app/.env.local", Found("environment", ".env.local")),
        ("var/lib/apt/lists/lock", None),
        ("usr/share/doc/git/.git/HEAD", None),
        ("usr/lib/python3/dist-packages/x/server.key", None),
        ("app/node_modules/x/.npmrc", None),
        ("app/keyboard.keymap", None),
        ("usr/bin/perl", None),
        ("", None),
    ],
)
def test_a_path_tells_what_it_is_of(path: str, found: Found | None) -> None:
    assert of_path(path.encode()) == found


@given(st.binary(max_size=60))
def test_no_path_is_too_odd(path: bytes) -> None:
    of_path(path)
