"""Package databases beside dpkg, apk and rpm, made by the real tools where they are here."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from memory import MemoryFile
from pratique.analyzers import (
    bitnami,
    bottlerocket,
    dpkg,
    flatpak,
    homebrew,
    kernel,
    opkg,
    pacman,
    portage,
    rocks,
    snap,
    store,
    wordpress,
)
from pratique.errors import MalformedError
from pratique.inventory import Analyzers
from pratique.inventory.directory import read_directory
from pratique.model.inventory import Fact, Inventory, OwnedFiles, Package
from pratique.model.purl import purl
from pratique.model.settings import Settings
from system_samples import (
    APP,
    CONTENTS,
    INVENTORY,
    PLUGIN,
    QUERY,
    RECEIPT,
    SNAP,
    THEME,
    WALL,
)

Corpus = Callable[[str], Path]
Analyze = Callable[[MemoryFile], Iterator[Fact]]


def packages(analyze: Analyze, path: str, data: bytes) -> list[Package]:
    return [f for f in analyze(MemoryFile(path, data)) if isinstance(f, Package)]


def named(found: list[Package]) -> list[tuple[str, str]]:
    return [(package.name, package.version) for package in found]


def scanned(root: Path) -> Inventory:
    return read_directory(str(root), Analyzers("installed"), Settings())


PKGINFO = """pkgname = libzstd-tools
pkgbase = zstd
pkgver = 1:1.5.6-1
pkgdesc = x
builddate = 1700000000
packager = Some One <someone@example.org>
size = 100
arch = x86_64
license = BSD-3-Clause
license = GPL-2.0-only
"""


@pytest.fixture(scope="session")
def arch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root into which the real pacman installed a package."""
    if shutil.which("pacman") is None or shutil.which("bsdtar") is None:
        pytest.skip("needs pacman and bsdtar")
    top = tmp_path_factory.mktemp("arch")
    tree, root = top / "tree", top / "root"
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/zstd").write_text("x")
    (tree / ".PKGINFO").write_text(PKGINFO)
    subprocess.run(["bsdtar", "-cf", top / "x.pkg.tar", ".PKGINFO", "usr"], cwd=tree, check=True)
    (root / "var/lib/pacman").mkdir(parents=True)
    (top / "pacman.conf").write_text("[options]\nSigLevel = Never\nArchitecture = x86_64\n")
    subprocess.run(
        ["pacman", "-U", "--config", top / "pacman.conf", "--root", root, "--dbpath",
         root / "var/lib/pacman", "--noconfirm", "--noscriptlet", top / "x.pkg.tar"],
        check=True, capture_output=True,
    )  # fmt: skip
    return root


def test_what_pacman_installed_is_read(arch: Path) -> None:
    [found] = scanned(arch).packages
    assert (found.type, found.name, found.version, found.arch, found.source) == (
        "alpm", "libzstd-tools", "1:1.5.6-1", "x86_64", "zstd",
    )  # fmt: skip
    assert found.licenses == ("BSD-3-Clause", "GPL-2.0-only")
    assert found.vendor == "Some One <someone@example.org>"
    assert found.remarks == ()
    listed = next(arch.glob("var/lib/pacman/local/*/files"))
    path = str(listed.relative_to(arch))
    assert list(pacman.owned(MemoryFile(path, listed.read_bytes()))) == [
        OwnedFiles(path, "libzstd-tools", ("usr/bin/zstd",))
    ]


def test_pacman_s_description_without_a_version_is_malformed() -> None:
    with pytest.raises(MalformedError, match="name or a version"):
        packages(pacman.analyze, "var/lib/pacman/local/x-1-1/desc", b"%NAME%\nx\n\n%ARCH%\nany\n")


def test_nix_store_paths_are_packages(tmp_path: Path) -> None:
    if shutil.which("nix-store") is None:
        pytest.skip("needs nix-store")
    names = ("openssl-3.0.13", "openssl-3.0.13-bin", "python3.11-requests-2.31.0", "hook",
             "glibc-2.38-66", "libX11-1.8.7", "source", "fix.patch", "nss-cacert-3.95")  # fmt: skip
    for name in names:
        (tmp_path / name / "bin").mkdir(parents=True)
        (tmp_path / name / "bin/file").write_text(name)
        subprocess.run(["nix-store", "--store", tmp_path / "root", "--add", tmp_path / name],
                       check=True, capture_output=True, env={"PATH": "/usr/bin:/bin"})  # fmt: skip
    found = [p for p in scanned(tmp_path / "root").packages if p.type == "nix"]
    assert sorted({(p.name, p.version) for p in found}) == [
        ("glibc", "2.38-66"), ("libX11", "1.8.7"), ("nss-cacert", "3.95"), ("openssl", "3.0.13"),
        ("python3.11-requests", "2.31.0"),
    ]  # fmt: skip
    assert len(found) == 6
    assert all((tmp_path / "root" / p.path).is_dir() for p in found)


def test_guix_has_a_store_of_its_own() -> None:
    paths = b"etc/x\ngnu/store/0123456789abcdfghijklmnpqrsvwxyz-coreutils-9.1/bin/ls"
    [found] = packages(store.analyze, "", paths)
    assert purl(found) == "pkg:guix/coreutils@9.1"
    assert packages(store.analyze, "", b"usr/store/x-1.0/y\nopt/store/z") == []


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("dev-libs/openssl-3.0.9-r1", ("dev-libs/openssl", "3.0.9-r1")),
        ("x11-libs/gtk+-3.24.39", ("x11-libs/gtk+", "3.24.39")),
        ("dev-lang/python-3.12.0_rc3_p1", ("dev-lang/python", "3.12.0_rc3_p1")),
        ("media-fonts/font-adobe-100dpi-1.0.3-r2", ("media-fonts/font-adobe-100dpi", "1.0.3-r2")),
    ],
)
def test_portage_names_packages_by_their_folder(folder: str, expected: tuple[str, str]) -> None:
    package, owned = portage.analyze(MemoryFile(f"var/db/pkg/{folder}/CONTENTS", CONTENTS))
    assert isinstance(package, Package)
    assert (package.name, package.version) == expected
    assert isinstance(owned, OwnedFiles)
    assert owned.files == ("usr/bin/open ssl", "usr/lib/libssl.so")


def test_a_real_opkg_database_is_read(corpus: Corpus) -> None:
    folder = corpus("dpkg/google+osv-scalibr/extractor/filesystem/os/dpkg/testdata/opkg")
    data = (folder / "valid").read_bytes()
    assert named(packages(opkg.analyze, "usr/lib/opkg/status", data)) == [
        ("ubus", "2024.10.20~252a9b0c-r1"), ("libuci20130104", "2023.08.10~5781664d-r1"),
        ("busybox", "1.36.1-r2"),
    ]  # fmt: skip
    with pytest.raises(MalformedError, match="1 stanzas"):
        packages(opkg.analyze, "usr/lib/opkg/status", (folder / "noversion").read_bytes())
    listed = MemoryFile("usr/lib/opkg/info/ubus.list", b"/bin/ubus\t0644\n/etc/x\n")
    assert list(opkg.owned(listed)) == [OwnedFiles(listed.path, "ubus", ("bin/ubus", "etc/x"))]


def test_what_is_unpacked_is_there_and_what_was_removed_is_not(corpus: Corpus) -> None:
    path = corpus("dpkg/google+osv-scalibr/extractor/filesystem/os/dpkg/testdata/dpkg/statusfield")
    found = packages(dpkg.analyze, "var/lib/dpkg/status", path.read_bytes())
    assert {p.name for p in found} == {
        "wantinstall_installed", "wantdeinstall_installed", "wantinstall_unpacked",
        "wantpurge_installed", "wantinstall_halfinstalled", "wantnostatus",
    }  # fmt: skip


def test_what_was_built_in_is_remarked_on() -> None:
    stanza = (b"Package: skopeo\nStatus: install ok installed\nVersion: 1.9.3\n"
              b"Built-Using: golang-1.19 (= 1.19.8-2), a (= 1), b (= 1), c (= 1), d (= 1), e (= 2)\n")  # fmt: skip
    [found] = packages(dpkg.analyze, "var/lib/dpkg/status", stanza)
    assert found.remarks == ("built with golang-1.19 1.19.8-2, a 1, b 1, c 1, d 1 and 1 more",)


def test_homebrew_s_cellar_names_formula_and_version() -> None:
    path = "home/linuxbrew/.linuxbrew/Cellar/rclone/1.67.0_1/INSTALL_RECEIPT.json"
    [found] = packages(homebrew._analyze, path, RECEIPT)
    assert purl(found) == "pkg:brew/homebrew/core/rclone@1.67.0_1"
    assert found.arch == "x86_64"


def test_a_snap_s_own_keys_are_read() -> None:
    [found] = packages(snap._analyze, "snap/firefox/4336/meta/snap.yaml", SNAP)
    assert (found.name, found.version, found.arch, found.licenses) == (
        "firefox", "128.0-2", "amd64", ("MPL-2.0",),
    )  # fmt: skip
    [core] = packages(snap._analyze, "meta/snap.yaml", b"architectures: [arm64]\nname: a\nversion: 1 # x\n")  # fmt: skip
    assert (core.version, core.arch) == ("1", "arm64")
    with pytest.raises(MalformedError):
        packages(snap._analyze, "meta/snap.yaml", b"name: a\n")


def test_a_flatpak_s_version_is_that_of_its_newest_release() -> None:
    data = b'<component><releases>\n<release date="2024-05-01" version="2.10.38"/>\n<release version="2"/>'  # fmt: skip
    [found] = packages(flatpak.application, APP.format("org.gimp.GIMP.metainfo.xml"), data)
    assert purl(found) == "pkg:flatpak/org.gimp.GIMP@2.10.38"
    assert packages(flatpak.application, APP.format("org.other.xml"), data) == []
    path = "var/lib/flatpak/runtime/org.freedesktop.Platform/x86_64/23.08/abc/metadata"
    text = b"[Runtime]\nname=org.freedesktop.Platform\nruntime=x/y/z\n"
    assert named(packages(flatpak.runtime, path, text)) == [("org.freedesktop.Platform", "23.08")]
    with pytest.raises(MalformedError):
        packages(flatpak.runtime, path, b"[Other]\nname=x\n")


def test_bitnami_s_documents_name_what_was_compiled_in(corpus: Corpus) -> None:
    base = corpus("sbom/anchore+syft/syft/pkg/cataloger/bitnami/testdata")
    path = "opt/bitnami/postgresql/.spdx-postgresql.spdx"
    found = packages(bitnami._analyze, path, (base / "json" / path).read_bytes())
    assert ("postgresql", "17.2.0-8") in named(found)
    assert ("nss_wrapper", "1.1.16") in named(found)
    assert len(found) == 16
    assert found[0].arch == "arm64"
    assert found[0].licenses == ("PostgreSQL",)
    assert found[0].cpe.startswith("cpe:2.3:*:postgresql:")
    path = "opt/bitnami/redis/.spdx-apache.spdx"
    [tagged] = packages(bitnami._analyze, path, (base / "tag-value" / path).read_bytes())
    assert (tagged.name, tagged.version, tagged.licenses) == ("redis", "7.4.1-0", ("RSALv2",))
    path = "opt/bitnami/redis/.spdx-redis.spdx"
    with pytest.raises(MalformedError):
        packages(bitnami._analyze, path, (base / "invalid" / path).read_bytes())


def test_wordpress_and_its_parts_declare_themselves() -> None:
    text = b"<?php\n/** x\n */\n$wp_version = '6.4.2';\n$wp_db_version = 56657;\n"
    [core] = packages(wordpress.core, "var/www/html/wp-includes/version.php", text)
    assert core.cpe == "cpe:2.3:a:wordpress:wordpress:6.4.2:*:*:*:*:*:*:*"
    path = "var/www/html/wp-content/plugins/akismet/akismet.php"
    [plugin] = packages(wordpress.plugin, path, PLUGIN)
    assert purl(plugin) == "pkg:wordpress/plugin/akismet@5.3.1"
    assert plugin.licenses == ("GPL-2.0+",)
    path = "wp-content/plugins/hello.php"
    one_line = b"<?php /* Plugin Name: Hello Dolly */\n# Version: 1.7.2\n"
    assert named(packages(wordpress.plugin, path, one_line)) == [("plugin/hello", "1.7.2")]
    assert packages(wordpress.plugin, path, b"<?php // a helper\n") == []
    path = "wp-content/themes/twentytwentyfour/style.css"
    assert named(packages(wordpress.theme, path, THEME)) == [("theme/twentytwentyfour", "1.0")]


def test_a_manifest_of_chisel_s_is_a_database() -> None:
    file = MemoryFile("var/lib/chisel/manifest.wall", zstandard.compress(WALL))
    package, owned = rocks.wall(file)
    assert isinstance(package, Package)
    assert (package.name, package.version, package.arch) == (
        "libssl3t64", "3.0.13-0ubuntu3.4", "amd64",
    )  # fmt: skip
    assert package.hashes == ("sha256:ab",)
    assert package.remarks
    assert owned == OwnedFiles(file.path, "libssl3t64", ("usr/lib/x86_64-linux-gnu/libssl.so.3",))
    with pytest.raises(MalformedError):
        packages(rocks.wall, file.path, zstandard.compress(b"something else"))
    with pytest.raises(MalformedError):
        packages(rocks.wall, file.path, file.data[:-5])


def test_a_rock_s_list_names_source_packages() -> None:
    found = packages(rocks.query, "usr/share/rocks/dpkg.query", QUERY)
    assert [(p.name, p.version, p.arch, p.source) for p in found] == [
        ("libssl3t64", "3.0.13-0ubuntu3.4", "amd64", "openssl"),
        ("bash", "5.2.21-2ubuntu4", "", "bash"),
    ]


def test_the_better_manifest_of_a_package_counts(tmp_path: Path) -> None:
    for path, data in {
        "usr/share/rocks/dpkg.query": QUERY,
        "var/lib/chisel/manifest.wall": zstandard.compress(WALL),
        "var/lib/dpkg/status": b"Package: bash\nStatus: install ok installed\nVersion: 6\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(data)
    found = [(p.name, p.version, p.analyzer) for p in scanned(tmp_path).packages]
    assert found == [("bash", "6", "dpkg"), ("libssl3t64", "3.0.13-0ubuntu3.4", "dpkg-query")]


def test_a_kernel_tells_its_version() -> None:
    version = b"6.1.0-18-cloud-amd64 (debian-kernel@lists.debian.org) #1 SMP\0"
    data = bytearray(0x1000)
    data[0x202:0x206] = b"HdrS"
    data[0x20E:0x210] = (0xA00 - 0x200).to_bytes(2, "little")
    data[0xA00 : 0xA00 + len(version)] = version
    [found] = packages(kernel._analyze, "boot/vmlinuz-6.1", bytes(data))
    assert (found.name, found.version) == ("linux-kernel", "6.1.0-18-cloud-amd64")
    assert found.cpe == "cpe:2.3:o:linux:linux_kernel:6.1.0:*:*:*:*:*:*:*"
    assert packages(kernel._analyze, "boot/vmlinuz-6.1", b"MZ\0\0") == []


def test_bottlerocket_s_inventory_is_a_database() -> None:
    path = "usr/share/bottlerocket/application-inventory.json"
    found = packages(bottlerocket._analyze, path, INVENTORY)
    assert named(found) == [
        ("glibc", "1:2.40-1.1740525475.e3a5862c.br1"), ("systemd", "252.22-1.br1"),
    ]  # fmt: skip
    assert (found[0].type, found[0].arch) == ("rpm", "x86_64")
    with pytest.raises(MalformedError):
        packages(bottlerocket._analyze, path, b'{"Content": [{"Name": "x"}]}')
