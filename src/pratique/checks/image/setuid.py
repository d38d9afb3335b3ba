"""IMG-0011: programs that run as their owner, whoever starts them (CIS Docker Benchmark 4.8)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import counted, listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure
from pratique.model.configuration import Mode

_OF_DISTRIBUTIONS = frozenset({
    "su", "mount", "umount", "passwd", "chsh", "chfn", "chage", "expiry", "gpasswd", "newgrp",
    "sg", "newuidmap", "newgidmap", "unix_chkpwd", "unix2_chkpwd", "pam_timestamp_check",
    "ssh-agent", "ssh-keysign", "wall", "write", "write.ul", "bsd-write",
    "dbus-daemon-launch-helper", "fusermount", "fusermount3", "at", "crontab", "utempter",
    "bbsuid", "userhelper", "usernetctl", "ping", "ping6", "sudo", "sudoedit", "doas", "pkexec",
    "polkit-agent-helper-1", "postdrop", "postqueue", "locate", "plocate", "mlocate",
    "dotlockfile", "mail-lock", "mail-unlock", "mail-touchlock", "screen", "staprun",
    "cockpit-session", "lockfile", "procmail", "exim4", "sendmail", "camel-lock-helper-1.2",
    "mount.nfs", "mount.cifs", "ntfs-3g", "ksu", "krb5_child", "ldap_child", "selinux_child",
    "proxy_child", "sssd_pam", "p11_child", "chrome-sandbox", "snap-confine", "Xorg.wrap",
    "pppd", "abrt-action-install-debuginfo-to-abrt-cache", "netreport", "grub2-set-bootflag",
    "vlock",
})  # fmt: skip
_SYSTEM = ("bin/", "sbin/", "lib/", "lib64/", "usr/bin/", "usr/sbin/", "usr/lib", "usr/libexec/")
_SETUID, _SETGID = 0o4000, 0o2000


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """Name the distribution's own in one line; each other one for itself."""
    usual: list[str] = []
    for mode in image.modes:
        if mode.type != "file" or not mode.mode & (_SETUID | _SETGID) or not mode.mode & 0o111:
            continue
        name = mode.path.rpartition("/")[2]
        if mode.path.startswith(_SYSTEM) and name in _OF_DISTRIBUTIONS:
            usual.append(name)
        else:
            yield _unusual(mode)
    if usual:
        what = counted(len(usual), "program")
        yield Failure(f"{what} of the distribution with setuid or setgid: {listed(usual, 8)}",
                      severity="LOW")  # fmt: skip


def _unusual(mode: Mode) -> Failure:
    if not mode.mode & _SETUID:
        return Failure(f"/{mode.path} runs as the group {mode.group} (setgid)", layer=mode.layer,
                       severity="MEDIUM")  # fmt: skip
    if mode.user:
        return Failure(f"/{mode.path} runs as the user {mode.user} (setuid)", layer=mode.layer,
                       severity="MEDIUM")  # fmt: skip
    return Failure(f"/{mode.path} runs as root, whoever starts it (setuid)", layer=mode.layer)


check = Check(
    "IMG-0011",
    "Setuid or setgid program",
    "A flaw in such a program makes any user of the container root. Nothing in most containers "
    "needs one; allowPrivilegeEscalation: false or no-new-privileges takes their effect away.",
    "HIGH",
    "Take the bits away in the build: RUN chmod a-s FILE.",
    _judge,
    ("CIS-4.8",),
)
