"""`patch --app`: archives of Java in the place of others, in folders and inside of archives."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from images import advisory, docker_archive, layer_tar
from java_classes import jar, java_class, pom, released
from loopback import Answer, Asked, serve
from patched_layers import top_layer
from pratique.cli import main

OS = {"etc/os-release": b'ID=debian\nVERSION_ID="12"\n'}
WEB, DEP = "org.web:web", "org.dep:dep"
OLD = java_class("org/web/A", methods=[("go", "()V"), ("late", "()V")])
NEW = java_class("org/web/A", methods=[("go", "()V")])
USER = java_class("app/Main", uses=[("org/web/A", "go", "()V")])
FAT = "BOOT-INF/lib/web-1.0.1.jar"
INDEX = "BOOT-INF/classpath.idx"


class App:
    """An image with an application, and a repository of Maven."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        self.layers: list[dict[str, bytes | None]] = [dict(OS)]
        self.offers: dict[str, bytes] = {}
        self.versions: dict[str, list[str]] = {}
        self.flaws = [advisory("TEST-1", "Maven", WEB, "1.0.5")]

    def has(self, path: str, data: bytes) -> None:
        self.layers[-1][path] = data

    def offer(
        self, name: str, version: str, data: bytes, needs: Mapping[str, str] | None = None
    ) -> bytes:
        group, _, artifact = name.partition(":")
        folder = f"/{group.replace('.', '/')}/{artifact}"
        stem = f"{folder}/{version}/{artifact}-{version}"
        self.offers[f"{stem}.jar"] = data
        self.offers[f"{stem}.jar.sha1"] = hashlib.sha1(data).hexdigest().encode() + b"  x.jar\n"
        self.offers[f"{stem}.pom"] = pom(name, version, needs)
        self.versions.setdefault(name, []).append(version)
        rows = "".join(f"<version>{one}</version>" for one in self.versions[name])
        self.offers[f"{folder}/maven-metadata.xml"] = f"<versions>{rows}</versions>".encode()
        return data

    def patch(self, *words: str) -> int:
        image = self.folder / "image.tar"
        image.write_bytes(docker_archive([layer_tar(one) for one in self.layers]))
        feed = self.folder / "advisories"
        feed.mkdir(exist_ok=True)
        for record in self.flaws:
            (feed / f"{record['id']}.json").write_text(json.dumps(record))
        with serve(self._answer) as server, pytest.MonkeyPatch.context() as patch:
            (self.folder / ".m2").mkdir(exist_ok=True)
            (self.folder / ".m2/settings.xml").write_text(
                f"<settings><mirrors><mirror><mirrorOf>*</mirrorOf><url>{server.url}</url>"
                "</mirror></mirrors></settings>"
            )
            patch.setenv("HOME", str(self.folder))
            return main(["patch", "--input", str(image), "-t", "app:2", "-o", f"layout={self.out}",
                         "--app", "--json", "--advisories", str(feed), "--offline",
                         "--cache-dir", str(self.folder / "cache"), *words])  # fmt: skip

    def _answer(self, asked: Asked) -> Answer:
        found = self.offers.get(asked.path)
        return Answer(200 if found is not None else 404, found or b"")

    def layer(self) -> dict[str, bytes | str]:
        return top_layer(self.out)


@pytest.fixture
def app(tmp_path: Path) -> App:
    one = App(tmp_path)
    one.has("app/web-1.0.1.jar", one.offer(WEB, "1.0.1", released(WEB, "1.0.1", [OLD])))
    one.offer(WEB, "1.0.4", released(WEB, "1.0.4", [NEW]))
    return one


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    [platform] = json.loads(capsys.readouterr().out)["Platforms"]
    found: dict[str, Any] = platform
    return found


def changed(found: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    return {(p["Name"], p["Before"], p["After"]) for p in found["Packages"]}


def why(found: Mapping[str, Any]) -> list[str]:
    return [one["Why"] for one in found["Staying"]]


def inside(data: bytes | str) -> dict[str, bytes]:
    assert isinstance(data, bytes)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def fat(lib: bytes, *more: tuple[str, bytes]) -> bytes:
    """Return an application of Spring Boot that needs what is in it."""
    files = {"BOOT-INF/classes/app/Main.class": USER, FAT: lib, **dict(more),
             INDEX: f'- "{FAT}"\n- "BOOT-INF/lib/other-1.jar"\n'.encode(),
             "BOOT-INF/layers.idx": f'- "dependencies":\n  - "{FAT}"\n'.encode()}  # fmt: skip
    return jar(files, stored=[name for name in files if name.endswith(".jar")])


def test_an_archive_in_a_folder_keeps_its_name(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    new = app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    app.offer(WEB, "1.0.6", released(WEB, "1.0.6", [NEW]))
    app.has("app/main.jar", jar({"app/Main.class": USER}))
    assert app.patch() == 0
    found = said(capsys)
    assert changed(found) == {(WEB, "1.0.1", "1.0.5")}
    assert app.layer() == {"app/web-1.0.1.jar": new}
    assert any("1.0.5 now, under the name that it had" in note for note in found["Notes"])
    assert len(found["Findings"]["Removed"]) == 1


def test_one_inside_of_an_application(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = app.layers[-1].pop("app/web-1.0.1.jar"), released(WEB, "1.0.5", [NEW])
    assert old
    app.offer(WEB, "1.0.5", new)
    app.has("srv/boot.jar", b"#!/bin/sh\nexec java -jar $0\n" + fat(old))
    assert app.patch() == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "1.0.5")}
    made = app.layer()["srv/boot.jar"]
    assert isinstance(made, bytes)
    assert made.startswith(b"#!/bin/sh\n")
    files = inside(made)
    assert files["BOOT-INF/lib/web-1.0.5.jar"] == new
    assert FAT not in files
    assert files[INDEX] == b'- "BOOT-INF/lib/web-1.0.5.jar"\n- "BOOT-INF/lib/other-1.jar"\n'
    assert b'"BOOT-INF/lib/web-1.0.5.jar"' in files["BOOT-INF/layers.idx"]
    assert files["BOOT-INF/classes/app/Main.class"] == USER


@pytest.mark.parametrize("place", ["archive", "folder", "unpacked"])
def test_what_the_application_uses_must_be_there(
    app: App, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    late = java_class("app/Late", uses=[("org/web/A", "late", "()V")])
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    if place == "archive":
        app.has("srv/boot.jar", fat(app.layers[-1].pop("app/web-1.0.1.jar") or b"",
                                    ("BOOT-INF/classes/app/Late.class", late)))  # fmt: skip
    elif place == "folder":
        app.has("app/late.jar", jar({"app/Late.class": late}))
    else:
        app.has("srv/WEB-INF/classes/app/Late.class", late)
    assert app.patch() == 0
    assert why(said(capsys)) == [
        f"{WEB} 1.0.5: app.Late uses org.web.A.late(), which is not there"]  # fmt: skip
    app.offer(WEB, "1.0.6", released(WEB, "1.0.6", [OLD]))
    assert app.patch() == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "1.0.6")}


def test_what_it_needs_moves_along_or_comes_in(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    old = app.layers[-1].pop("app/web-1.0.1.jar")
    dep = app.offer(DEP, "2.0.0", released(DEP, "2.0.0", [java_class("org/dep/D")]))
    app.offer(DEP, "2.0.1", released(DEP, "2.0.1", [java_class("org/dep/D")]))
    extra = app.offer("org.x:extra", "7.1", released("org.x:extra", "7.1"))
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]), {DEP: "2.0.1", "org.x:extra": "7.1"})
    app.has("srv/boot.jar", fat(old or b"", ("BOOT-INF/lib/dep-2.0.0.jar", dep)))
    assert app.patch() == 0
    assert changed(said(capsys)) == {
        (WEB, "1.0.1", "1.0.5"), (DEP, "2.0.0", "2.0.1"), ("org.x:extra", "", "7.1")}  # fmt: skip
    files = inside(app.layer()["srv/boot.jar"])
    assert files["BOOT-INF/lib/extra-7.1.jar"] == extra
    assert files[INDEX].splitlines()[:2] == [
        b'- "BOOT-INF/lib/web-1.0.5.jar"', b'- "BOOT-INF/lib/extra-7.1.jar"']  # fmt: skip


def test_in_a_folder_nothing_can_come_in(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.offer("org.x:extra", "7.1", released("org.x:extra", "7.1"))
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]), {"org.x:extra": "7.1"})
    assert app.patch() == 0
    assert why(said(capsys)) == ["needs org.x:extra 7.1 beside it, which is not there"]
    app.layers[-1] = {**OS, "srv/WEB-INF/lib/web-1.0.1.jar": app.layers[-1]["app/web-1.0.1.jar"]}
    assert app.patch() == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "1.0.5"), ("org.x:extra", "", "7.1")}
    assert set(app.layer()) == {"srv/WEB-INF/lib/web-1.0.1.jar", "srv/WEB-INF/lib/extra-7.1.jar"}


def test_what_it_did_not_have_before_either_is_left_out(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app.offer(WEB, "1.0.1", app.layers[-1]["app/web-1.0.1.jar"] or b"", {"org.x:extra": "7"})
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]), {"org.x:extra": "7.1"})
    assert app.patch() == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "1.0.5")}


def test_a_family_moves_together_where_it_must(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is made for each other's inner parts has one version."""
    kin, late = "org.web:kin", java_class("org/kin/K", uses=[("org/web/A", "late", "()V")])
    app.has("app/kin-1.0.1.jar", app.offer(kin, "1.0.1", released(kin, "1.0.1", [late])))
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    app.offer(kin, "1.0.5", released(kin, "1.0.5", [java_class("org/kin/K")]))
    assert app.patch() == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "1.0.5"), (kin, "1.0.1", "1.0.5")}


@pytest.mark.parametrize(
    ("java", "fits"), [({}, False), ({"opt/java/release": b'JAVA_VERSION="1.8.0_352"\n'}, False),
                       ({"opt/java/release": b'JAVA_VERSION="17.0.2"\n'}, True)],
)  # fmt: skip
def test_the_java_that_is_there(
    app: App,
    capsys: pytest.CaptureFixture[str],
    java: dict[str, bytes],
    fits: bool,
) -> None:
    app.layers[-1].update(java)
    newer = java_class("org/web/A", methods=[("go", "()V")], major=61)
    variant = {"META-INF/versions/21/org/web/A.class": java_class("org/web/A", major=65)}
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [newer], variant))
    assert app.patch() == 0
    found = said(capsys)
    assert changed(found) == ({(WEB, "1.0.1", "1.0.5")} if fits else set())
    assert fits or why(found) == [f"{WEB} 1.0.5 needs Java 17"]


def test_what_was_not_released_so_stays(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    app.has("app/web-1.0.1.jar", released(WEB, "1.0.1", [NEW]))
    assert app.patch() == 0
    assert why(said(capsys)) == [
        "it is not the archive that was released, but was built or changed by others"]  # fmt: skip


def test_what_is_shaded_or_signed_stays(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    old = app.layers[-1].pop("app/web-1.0.1.jar") or b""
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    app.has("app/uber-9.jar", jar(inside(old) | inside(released("my.app:uber", "9"))))
    app.has("srv/boot.jar", fat(old, ("META-INF/KEY.SF", b"x")))
    assert app.patch() == 0
    assert set(why(said(capsys))) == {
        "it is shaded into uber-9.jar, which a build has to make", "/srv/boot.jar is signed"}  # fmt: skip


def test_no_further_than_is_allowed(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.flaws = [advisory("TEST-1", "Maven", WEB, "2.0.0")]
    app.offer(WEB, "2.0.0", released(WEB, "2.0.0", [NEW]))
    assert app.patch() == 0
    assert why(said(capsys)) == ["its fix is further away than a minor version"]
    assert app.patch("--up-to", "major") == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "2.0.0")}


def test_a_version_with_flaws_of_its_own_is_passed_over(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app.flaws.append(advisory("TEST-2", "Maven", WEB, "1.0.6", introduced="1.0.5"))
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    app.offer(WEB, "1.0.6", released(WEB, "1.0.6", [NEW]))
    assert app.patch() == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "1.0.6")}


def test_an_archive_that_only_its_name_tells(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """It gets its own name, and the old one leads to it."""
    manifest = {
        "META-INF/MANIFEST.MF": b"Automatic-Module-Name: org.web\nBundle-SymbolicName: org.web.web\n"
    }
    app.has("app/web-1.0.1.jar", app.offer(WEB, "1.0.1", jar({"org/web/A.class": OLD, **manifest})))
    new = app.offer(WEB, "1.0.5", jar({"org/web/A.class": NEW, **manifest}))
    assert app.patch() == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "1.0.5")}
    assert app.layer() == {"app/web-1.0.5.jar": new, "app/web-1.0.1.jar": "web-1.0.5.jar"}


def test_a_repository_that_lies(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    app.offers["/org/web/web/1.0.5/web-1.0.5.jar"] = released(WEB, "1.0.5", [OLD])
    assert app.patch() == 4
    assert "web-1.0.5.jar is not what the repository says (SHA-1 " in capsys.readouterr().err
    assert not app.out.exists()


def test_one_without_a_checksum_is_not_taken(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    del app.offers["/org/web/web/1.0.5/web-1.0.5.jar.sha1"]
    assert app.patch() == 4
    assert "instead of any)" in capsys.readouterr().err


def test_what_a_repository_gives_that_is_no_archive(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app.offer(WEB, "1.0.5", b"<html>please log in</html>")
    assert app.patch() == 0
    [reason] = why(said(capsys))
    assert "not a zip archive" in reason


def test_an_archive_of_the_image_that_is_broken(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that cannot be read uses nothing; the others are patched."""
    app.has("app/broken.jar", b"PK\3\4 cut short")
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    assert app.patch() == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "1.0.5")}


def test_the_archive_that_is_seen(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """What a later layer put in its place or took away does not count."""
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    app.layers.append(
        {"app/web-1.0.1.jar": app.layers[0]["app/web-1.0.1.jar"], "app/.wh.late.jar": b""}
    )
    app.layers[0]["app/web-1.0.1.jar"] = b"something else"
    app.layers[0]["app/late.jar"] = jar(
        {"app/L.class": java_class("app/L", uses=[("org/web/A", "late", "()V")])})  # fmt: skip
    assert app.patch() == 0
    assert changed(said(capsys)) == {(WEB, "1.0.1", "1.0.5")}


def test_what_cannot_be_checked_keeps_it_back(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """A class of many megabytes is not read, and so it is not known what it uses."""
    app.offer(WEB, "1.0.5", released(WEB, "1.0.5", [NEW]))
    app.has("app/huge.jar", jar({"app/Huge.class": b"\0" * (17 << 20)}))
    assert app.patch() == 0
    assert "app/Huge.class has 17825792 bytes" in why(said(capsys))[0]
