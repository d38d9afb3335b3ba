"""Maintainer scripts: which lines matter when they are not run."""

from __future__ import annotations

import pytest

from pratique.patch.scripts import why_needed

HARMLESS = """#!/bin/sh
set -e
# a comment; rm -rf /
if [ "$1" = "configure" ] && [ -n "$2" ]; then
    echo "thanks"
    ldconfig
fi
case "$1" in
    configure|abort-upgrade)
        ;;
esac
if dpkg --compare-versions "$2" lt "VERSION"; then
    deb-systemd-invoke restart ours.service >/dev/null || true
fi
old="$2"
mode='x y'
helper() {
    test -e /x || return 0
}
for one in a b; do
    if ! dpkg --compare-versions "$2" gt 1 2>/dev/null; then echo no >&2; fi
done
exit 0
"""


@pytest.mark.parametrize("line", [
    "rm -f /etc/x", "ln -s a b", "echo x > /etc/x", "true; mv a b", "x=$(useradd me)", "echo `id`",
    "cat <<EOF", "echo x | tee /etc/x", "[ -e x ] || touch x", "adduser --system me", "setcap x y",
    "test -e x && rm y", "if ! useradd x; then", "X=1 useradd y", "rm -rf x)", "(", "systemctl enable x",
    "if rm x", "then rm x", "{ rm x; }", "echo x & rm y", "echo x >/dev/nullx", "x) rm y ;;",
    'dpkg-maintscript-helper rm_conffile /etc/x 1 -- "$@"', ". /usr/share/debconf/confmodule",
])  # fmt: skip
def test_new_lines_that_change_something_matter(line: str) -> None:
    assert why_needed({}, {"postinst": f"{HARMLESS}{line}\n".encode()}, ("1", "2"))


def test_harmless_lines() -> None:
    assert why_needed({}, {"postinst": HARMLESS.encode()}, ("1", "2")) == ""


def test_lines_that_ran_before_do_not_matter_but_what_rebuilds_does() -> None:
    script = (
        HARMLESS + "adduser --system me\nif dpkg --compare-versions $2 lt 1.0-1; then rm x; fi\n"
    )
    newer = script.replace("1.0-1;", "1.0-2;")
    assert (
        why_needed({"postinst": script.encode()}, {"postinst": newer.encode()}, ("1.0-1", "1.0-2"))
        == ""
    )
    script += "update-initramfs -u\n"
    why = why_needed({"postinst": script.encode()}, {"postinst": script.encode()}, ("1", "1"))
    assert why == "its postinst runs update-initramfs"
