"""What of an image's settings says where RPMs come from, and what is held."""

from __future__ import annotations

import hashlib
from contextlib import closing

import pytest
from test_rpmpackage import Value, header

from loopback import Answer, Asked, serve
from pratique.errors import DigestMismatch, MalformedError, UsageError
from pratique.net import Client
from pratique.patch import rpmmodules, rpmscripts
from pratique.patch.root import Node, Root
from pratique.patch.rpmheader import RpmHeader
from pratique.patch.rpmrepositories import RpmRepositories
from pratique.patch.rpmsettings import settings_of
from pratique.patch.rpmsources import Held, RpmSource, sources_of, variables_of


def root(files: dict[str, str]) -> Root:
    made = Root()
    for path, text in files.items():
        made.nodes[path] = Node("file", 0o644, 0, 0, 0, len(text))
        made.contents[path] = text.encode()
        parent = path.rpartition("/")[0]
        while parent:
            made.nodes[parent] = Node("directory", 0o755, 0, 0, 0)
            parent = parent.rpartition("/")[0]
    return made


ROCKY = """[baseos]
name=Rocky Linux $releasever - BaseOS
mirrorlist=https://mirrors.rockylinux.org/mirrorlist?arch=$basearch&repo=BaseOS-$releasever$rltype
#baseurl=http://dl.rockylinux.org/$contentdir/$releasever/BaseOS/$basearch/os/
gpgcheck=1
enabled=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-Rocky-9
[source]
name=source
baseurl=http://dl.rockylinux.org/source
enabled=0
"""


def test_repositories_with_variables() -> None:
    image = root({"etc/yum.repos.d/rocky.repo": ROCKY, "etc/dnf/vars/contentdir": "pub/rocky\n",
                  "etc/dnf/vars/rltype": ""})  # fmt: skip
    [found] = sources_of(image, (), variables_of(image, "9", "x86_64"))
    assert found.mirrorlist == "https://mirrors.rockylinux.org/mirrorlist?arch=x86_64&repo=BaseOS-9"
    assert found.keys == ("etc/pki/rpm-gpg/RPM-GPG-KEY-Rocky-9",)
    [mirrored] = sources_of(image, ("http://mirror.test/",), variables_of(image, "9", "x86_64"))
    assert mirrored.urls == ("http://mirror.test/pub/rocky/9/BaseOS/x86_64/os",)
    assert not mirrored.mirrorlist


def test_a_mirror_of_an_image_without_repositories() -> None:
    assert sources_of(root({}), ("http://a/x/",), {}) == [RpmSource("http://a/x/", ("http://a/x",))]
    with pytest.raises(UsageError, match="names no repository"):
        sources_of(root({}), (), {})


def test_a_variable_that_nobody_knows() -> None:
    image = root({"etc/yum.repos.d/x.repo": "[x]\nbaseurl=http://a/$unknown/\n"})
    with pytest.raises(UsageError, match=r"nothing says what \$unknown is"):
        sources_of(image, (), variables_of(image, "9", "x86_64"))


def test_what_is_held() -> None:
    held = Held(root({
        "etc/dnf/dnf.conf": "[main]\nexclude=kernel* bash.i686\n",
        "etc/dnf/plugins/versionlock.list": "# made by hand\nzlib-0:1.2.11-31.el9.*\n",
        "etc/zypp/locks": "\ntype: package\nmatch_type: glob\nsolvable_name: vim\n",
    }))  # fmt: skip
    assert held.why("kernel-core", "x86_64")
    assert held.why("zlib", "x86_64")
    assert held.why("vim", "x86_64")
    assert held.why("bash", "i686")
    assert not held.why("bash", "x86_64")
    assert not held.why("zlib-devel", "x86_64")


def test_settings() -> None:
    macros = "%_install_langs C:en\n%_excludedocs 1\n"
    assert settings_of(root({"etc/rpm/macros.image": macros})).langs == {"C", "en"}
    assert settings_of(root({"etc/rpm/macros.image": macros})).nodocs
    assert not settings_of(root({})).nodocs


MODULES = b"""---
document: modulemd
version: 2
data:
  name: nodejs
  stream: 18
  artifacts:
    rpms: ["nodejs-1:18.1-1.module_el9.x86_64", "npm-0:9-1.module_el9.x86_64"]
...
---
document: modulemd-defaults
data: {module: nodejs}
"""


def test_modules() -> None:
    image = root({"etc/dnf/modules.d/nodejs.module":
                  "[nodejs]\nname=nodejs\nstream=18\nprofiles=\nstate=enabled\n"})  # fmt: skip
    assert rpmmodules.enabled(image) == {("nodejs", "18")}
    off = rpmmodules.artifacts(MODULES, "x", set())
    assert off == {
        "nodejs-1:18.1-1.module_el9.x86_64": False,
        "npm-9-1.module_el9.x86_64": False,
    }
    assert all(rpmmodules.artifacts(MODULES, "x", {("nodejs", "18")}).values())
    with pytest.raises(MalformedError, match="modules that cannot be read"):
        rpmmodules.artifacts(b"a: [", "x", set())


def test_a_metalink_says_which_index() -> None:
    data = b"<repomd/>"

    def answer(asked: Asked) -> Answer:
        if asked.path != "/metalink":
            return Answer(body=data)
        digest = hashlib.sha256(data + b"other").hexdigest()
        text = (
            f'<metalink><files><file name="repomd.xml"><verification><hash type="sha256">{digest}'
            f'</hash></verification><resources><url protocol="http">http://{asked.headers["host"]}'
            "/a/repodata/repomd.xml</url></resources></file></files></metalink>"
        )
        return Answer(body=text.encode())

    with serve(answer) as server, closing(Client()) as client:
        source = RpmSource("x", metalink=f"{server.url}/metalink")
        with pytest.raises(DigestMismatch, match="not what the metalink names"):
            RpmRepositories(Root(), client, (), set()).read(source, {})


def scripts(**tags: str) -> RpmHeader:
    numbers = {"pre": 1023, "post": 1024, "preun": 1025, "postun": 1026, "post_program": 1086}
    values: dict[int, Value] = {numbers[name]: text for name, text in tags.items()}
    return RpmHeader(header({1000: "ours", **values}), "x")


SYSTEMD = """
if [ $1 -eq 1 ] && [ -x "/usr/lib/systemd/systemd-update-helper" ]; then
    # Initial installation
    /usr/lib/systemd/systemd-update-helper install-system-units x.service || :
fi
"""
REMOVAL = """
if [ $1 -eq 0 ] && [ -x "/usr/lib/systemd/systemd-update-helper" ]; then
    # Package removal, not upgrade
    /usr/lib/systemd/systemd-update-helper remove-system-units x.service || :
fi
"""
RESTART = """
if [ $1 -ge 1 ] && [ -x "/usr/lib/systemd/systemd-update-helper" ]; then
    # Package upgrade, not uninstall
    /usr/lib/systemd/systemd-update-helper mark-restart-system-units x.service || :
fi
"""
HARMLESS = {
    "units": ({"preun": REMOVAL, "postun": RESTART}, {"preun": REMOVAL, "postun": RESTART}),
    "test": ({"preun": "if test $1 = 0; then\n rm -f /x\nfi\n"}, {}),
    "systemd": ({"post": SYSTEMD}, {"post": SYSTEMD}),
    "first installation": ({}, {"post": "if [ $1 -eq 1 ]; then\n useradd x\nfi\n"}),
    "ran before": ({"pre": "getent group x || groupadd x\n"},
                   {"pre": "getent group x || groupadd x\n"}),
    "removal": ({"postun": "if [ $1 -eq 0 ] ; then\n update-alternatives --remove a /b\nfi\n"}, {}),
    "restart": ({"postun": "systemctl try-restart x.service >/dev/null 2>&1 || :\n"}, {}),
    "loader": ({"postun": "/sbin/ldconfig\n"}, {"post_program": "/sbin/ldconfig"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_scriptlets_that_change_nothing(name: str) -> None:
    old, new = HARMLESS[name]
    assert not rpmscripts.why_needed(scripts(**old), scripts(**new), ("1-1", "1-2"))


MATTERING = {
    "new line": ({}, {"post": "make-cache\n"}),
    "behind a harmless one": ({}, {"post": "/sbin/ldconfig; rm -rf /var/x\n"}),
    "in a substitution": ({}, {"post": "/sbin/ldconfig $(make-cache)\n"}),
    "of the installed version": ({"postun": "make-cache\n"}, {}),
    "not for the first alone": ({}, {"post": "if [ $1 -ge 1 ]; then\n make-cache\nfi\n"}),
    "or": ({}, {"post": "if [ $1 -eq 1 ] || [ -f /x ]; then\n make-cache\nfi\n"}),
    "else": ({}, {"post": "if [ $1 -eq 1 ]; then\n :\nelse\n make-cache\nfi\n"}),
    "certificates": ({"post": "update-ca-certificates\n"}, {"post": "update-ca-certificates\n"}),
}  # fmt: skip


@pytest.mark.parametrize("name", MATTERING)
def test_scriptlets_that_matter(name: str) -> None:
    old, new = MATTERING[name]
    assert rpmscripts.why_needed(scripts(**old), scripts(**new), ("1-1", "1-2"))
