from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from executables import elf
from images import DEBIAN, dpkg_status, layer_tar
from pratique.codecs.bytestream import ByteStream
from pratique.inventory import Analyzers
from pratique.inventory.layer import LayerFacts, Reading
from pratique.inventory.squash import as_inventory, select, stack
from pratique.model.inventory import Inventory, OwnedFiles, Package

WANTED = Analyzers("installed").wanted
STATUS = "var/lib/dpkg/status"


def read(files: Mapping[str, bytes | None]) -> LayerFacts:
    return Reading(WANTED).read_tar(ByteStream(iter([layer_tar(files)])))


def inventory(*layers: Mapping[str, bytes | None]) -> Inventory:
    facts, files = stack([read(layer) for layer in layers])
    return as_inventory(facts, None, files)


def wheel(name: str, version: str) -> dict[str, bytes | None]:
    path = f"usr/lib/python3/dist-packages/{name}-{version}.dist-info/METADATA"
    return {path: f"Name: {name}\nVersion: {version}\n\n".encode()}


def test_a_package_keeps_the_layer_that_brought_it() -> None:
    first = {STATUS: dpkg_status([("bash", "5.2"), ("curl", "7.88")])}
    second = {STATUS: dpkg_status([("bash", "5.2"), ("curl", "8.0"), ("git", "2.39")])}
    found = {p.name: (p.introduced, p.changed) for p in inventory(first, second).packages}
    assert found == {"bash": (0, 0), "curl": (0, 1), "git": (1, 1)}


def test_an_upgraded_wheel_keeps_the_layer_that_introduced_it() -> None:
    gone = "usr/lib/python3/dist-packages/.wh.urllib3-1.24.dist-info"
    upgrade: dict[str, bytes | None] = {gone: b"", **wheel("urllib3", "1.26")}
    [package] = inventory(wheel("urllib3", "1.24"), {"x": b""}, upgrade).packages
    assert (package.version, package.introduced, package.changed) == ("1.26", 0, 2)


def test_a_deleted_database_takes_its_packages_along() -> None:
    assert not inventory({STATUS: dpkg_status([("bash", "5")])}, {"var/.wh.lib": b""}).packages


def test_an_opaque_directory_hides_what_is_beneath_and_keeps_its_own() -> None:
    opaque: dict[str, bytes | None] = {"usr/lib/python3/.wh..wh..opq": b"", **wheel("b", "2")}
    assert [p.name for p in inventory(wheel("a", "1"), opaque).packages] == ["b"]


def test_a_file_in_place_of_a_directory_hides_what_was_in_it() -> None:
    assert not inventory(wheel("a", "1"), {"usr/lib/python3": b"now a file"}).packages


def test_what_a_system_package_owns_is_not_listed_twice() -> None:
    owned = wheel("six", "1.16")
    files = "\n".join(["/.", *(f"/{path}" for path in owned)]).encode()
    listed: dict[str, bytes | None] = {
        STATUS: dpkg_status([("python3-six", "1.16-1")]),
        "var/lib/dpkg/info/python3-six.list": files,
    }
    names = [p.name for p in inventory(listed | owned | wheel("flask", "2.0")).packages]
    assert names == ["python3-six", "flask"]


def test_a_merged_usr_is_seen_through() -> None:
    owned = wheel("six", "1.16")
    [path] = owned
    listed: dict[str, bytes | None] = {
        "var/lib/dpkg/info/six.list": b"/" + path.removeprefix("usr/").encode() + b"\n",
    }
    assert not inventory(listed | owned).packages


def test_a_hard_link_has_the_facts_of_its_target() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        data = b'{"name": "a", "version": "1.0.0"}'
        entry = tarfile.TarInfo("app/node_modules/a/package.json")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
        link = tarfile.TarInfo("app/node_modules/b/node_modules/a/package.json")
        link.type, link.linkname = tarfile.LNKTYPE, entry.name
        archive.addfile(link)
    facts = Reading(WANTED).read_tar(ByteStream(iter([buffer.getvalue()]))).facts
    assert sorted(fact.path for fact in select(Package, facts)) == [link.name, entry.name][::-1]


def test_a_path_that_leaves_the_layer_is_a_problem() -> None:
    facts = read({"../../etc/os-release": DEBIAN, "etc/os-release": DEBIAN})
    assert [problem.where for problem in facts.problems] == ["../../etc/os-release"]
    assert len(facts.facts) == 1


paths = st.sampled_from(["a", "a/b", "a/b/c", "a/d", "e", "e/f"])
PACKAGE = "x/node_modules/{}/package.json"


def unpack(layers: list[dict[str, str]]) -> dict[str, str]:
    """Apply layers to a file system as the OCI image specification says (layer.md)."""
    seen: dict[str, str] = {}
    for layer in layers:
        for path in [p for p, what in layer.items() if what == "gone"]:
            seen = {k: v for k, v in seen.items() if k != path and not k.startswith(f"{path}/")}
        for path in [p for p, what in layer.items() if what == "opaque"]:
            seen = {k: v for k, v in seen.items() if not k.startswith(f"{path}/")}
        for path, what in layer.items():
            if what not in ("gone", "opaque"):
                seen = {k: v for k, v in seen.items() if not k.startswith(f"{path}/")}
                seen[path] = what
    return seen


@given(st.lists(st.dictionaries(paths, st.sampled_from(["1.0", "2.0", "gone", "opaque"]),
                                max_size=4), max_size=5))  # fmt: skip
def test_stacking_shows_what_unpacking_would_leave(layers: list[dict[str, str]]) -> None:
    layers = [consistent(layer) for layer in layers]
    tars = []
    for layer in layers:
        files: dict[str, bytes | None] = {}
        for path, what in layer.items():
            folder, _, name = path.rpartition("/")
            prefix = f"{folder}/" if folder else ""
            if what == "gone":
                files[f"{prefix}.wh.{name}"] = b""
            elif what == "opaque":
                files[f"{path}/.wh..wh..opq"] = b""
            else:
                files[path] = what.encode()
        tars.append(files)
    visible, _ = stack([facts_of(files) for files in tars])
    assert {f.path: f.version for f in select(Package, visible)} == unpack(layers)


def consistent(layer: dict[str, str]) -> dict[str, str]:
    """Leave out what cannot be in one layer: files below a file of the same layer."""
    files = [path for path, what in layer.items() if what in ("1.0", "2.0", "gone")]
    return {
        path: what
        for path, what in layer.items()
        if not any(path.startswith(f"{file}/") for file in files)
    }


def facts_of(files: dict[str, bytes | None]) -> LayerFacts:
    """Return a layer in which every regular file is a package of its own."""
    read_facts = read(files)
    packages = tuple(
        Package(path, "test", "test", path, data.decode()) for path, data in files.items() if data
    )
    return LayerFacts(packages, read_facts.paths, read_facts.removed, read_facts.opaque)


def test_owned_files_are_facts_as_well() -> None:
    facts = read({"var/lib/dpkg/info/bash.list": b"/.\n/bin\n/bin/bash\n"}).facts
    assert select(OwnedFiles, facts)[0].files == (".", "bin", "bin/bash")


def program(text: bytes) -> bytes:
    return elf({".rodata": (b"\0" + text + b"\0").ljust(4096, b"\0")})


NGINX = program(b"Server: nginx/1.25.3\r\n")


def programs(*layers: Mapping[str, bytes | None]) -> list[tuple[str, str]]:
    return [(p.name, p.path) for p in inventory(*layers).packages if p.type == "generic"]


def test_a_program_that_no_package_owns_is_told() -> None:
    assert programs({"usr/sbin/nginx": NGINX}) == [("nginx", "usr/sbin/nginx")]


def test_a_program_that_a_system_package_owns_is_not_told_again() -> None:
    own: dict[str, bytes | None] = {
        STATUS: dpkg_status([("nginx-light", "1.22.1-9")]),
        "var/lib/dpkg/info/nginx-light.list": b"/.\n/usr/sbin/nginx\n",
        "usr/sbin/nginx": NGINX,
        "opt/nginx/sbin/nginx": NGINX,
    }
    assert programs(own) == [("nginx", "opt/nginx/sbin/nginx")]


def test_a_program_of_many_names_is_told_once() -> None:
    busybox = program(b"BusyBox v1.36.1 (2023-11-07 18:53:09 UTC)")
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        info = tarfile.TarInfo("bin/[")
        info.size, info.mode = len(busybox), 0o755
        tar.addfile(info, io.BytesIO(busybox))
        for name in ("acpid", "busybox", "sh"):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.LNKTYPE, "bin/["
            tar.addfile(link)
    facts, files = stack([Reading(WANTED).read_tar(ByteStream(iter([stream.getvalue()])))])
    [package] = as_inventory(facts, None, files).packages
    assert (package.name, package.path) == ("busybox", "bin/busybox")


def test_an_interpreter_and_its_library_are_one_program_and_another_prefix_is_another() -> None:
    python = program(b"3.12.4")
    layer: dict[str, bytes | None] = {
        "usr/local/bin/python3.12": python,
        "usr/local/lib/libpython3.12.so.1.0": python,
        "opt/conda/bin/python3.12": python,
    }
    paths = ["opt/conda/bin/python3.12", "usr/local/bin/python3.12"]
    assert [path for _, path in programs(layer)] == paths


def test_a_replaced_program_is_told_by_its_new_version() -> None:
    newer = program(b"Server: nginx/1.27.0\r\n")
    [package] = inventory({"usr/sbin/nginx": NGINX}, {"usr/sbin/nginx": newer}).packages
    assert (package.version, package.introduced, package.changed) == ("1.27.0", 0, 1)
