"""`patch --app`: wheels in the place of what an application has; indexes and wheels that lie."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from images import advisory, docker_archive, dpkg_status, layer_tar
from loopback import Answer, Asked, serve
from pratique.cli import main

OS = {"etc/os-release": b'ID=debian\nVERSION_ID="12"\n',
      "var/lib/dpkg/status": dpkg_status([("libc6", "2.36-9+deb12u1")])}  # fmt: skip
SITE = "opt/app/lib/python3.11/site-packages"


def _sum(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def wheel(
    name: str, version: str, files: Mapping[str, bytes], needs: tuple[str, ...] = (),
    record: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    info = f"{name}-{version}.dist-info"
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {n}" for n in needs)]
    every = {**files, f"{info}/METADATA": "\n".join(["Metadata-Version: 2.1", *lines, ""]).encode(),
             f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
             f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n".encode()}  # fmt: skip
    record_text = io.StringIO()
    rows = csv.writer(record_text)
    for path, content in every.items():
        rows.writerow([path, (record or {}).get(path, _sum(content)), len(content)])
    rows.writerow([f"{info}/RECORD", "", ""])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, content in {**every, f"{info}/RECORD": record_text.getvalue().encode()}.items():
            archive.writestr(path, content)
    return made.getvalue()


def installed(
    name: str, version: str, files: Mapping[str, bytes], needs: tuple[str, ...] = ()
) -> dict[str, bytes]:
    """Return the files of an installed package, relative to the root."""
    info = f"{SITE}/{name}-{version}.dist-info"
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {n}" for n in needs), ""]
    record = [*files, f"{name}-{version}.dist-info/METADATA", f"{name}-{version}.dist-info/RECORD",
              f"../../../bin/{name}"]  # fmt: skip
    return {
        **{f"{SITE}/{path}": data for path, data in files.items()},
        f"{info}/METADATA": "\n".join(lines).encode(), f"{info}/INSTALLER": b"pip\n",
        f"{info}/RECORD": "".join(f"{path},,\n" for path in record).encode(),
        f"opt/app/bin/{name}": b"#!/opt/app/bin/python\nold\n",
    }  # fmt: skip


class App:
    """An image with an application, and an index."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        self.files: dict[str, bytes] = dict(OS)
        self.config: dict[str, Any] = {}
        self.wheels: dict[str, bytes] = {}
        self.stated: dict[str, str] = {}
        """Digests that the index states instead of the real ones."""
        self.flaws = [advisory("TEST-1", "PyPI", "web", "1.0.5")]

    def patch(self, *words: str) -> int:
        image = self.folder / "image.tar"
        image.write_bytes(docker_archive([layer_tar(self.files)], config=self.config))
        feed = self.folder / "advisories"
        feed.mkdir(exist_ok=True)
        for record in self.flaws:
            (feed / f"{record['id']}.json").write_text(json.dumps(record))
        with serve(self._answer) as server:
            os.environ["PIP_INDEX_URL"] = f"{server.url}/simple"
            return main(["patch", "--input", str(image), "-t", "app:2", "-o", f"layout={self.out}",
                         "--app", "--json", "--advisories", str(feed), "--offline",
                         "--cache-dir", str(self.folder / "cache"), *words])  # fmt: skip

    def _answer(self, asked: Asked) -> Answer:
        name = asked.path.strip("/").rpartition("/")[2]
        if name in self.wheels:
            return Answer(body=self.wheels[name])
        own = [n for n in self.wheels if n.partition("-")[0] == name]
        files = [{"filename": n, "url": f"/files/{n}", "hashes": {
            "sha256": self.stated.get(n) or hashlib.sha256(self.wheels[n]).hexdigest()}} for n in own]  # fmt: skip
        kind = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
        return Answer(200 if own else 404, json.dumps({"files": files}).encode(), kind)

    def offer(self, name: str, version: str, files: Mapping[str, bytes], *needs: str) -> str:
        filename = f"{name}-{version}-py3-none-any.whl"
        self.wheels[filename] = wheel(name, version, files, needs)
        return filename

    def layer(self) -> dict[str, tarfile.TarInfo]:
        top = json.loads((self.out / "index.json").read_text())["manifests"][0]
        blobs = self.out / "blobs/sha256"
        manifest = json.loads((blobs / top["digest"][7:]).read_text())
        with tarfile.open(blobs / manifest["layers"][-1]["digest"][7:]) as tar:
            return {info.name: info for info in tar.getmembers()}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setenv("PIP_INDEX_URL", "")
    one = App(tmp_path)
    one.files |= installed("web", "1.0.1", {"web.py": b"old", "web_gone.py": b"x"}, ("dep>=1",))
    one.files |= installed("dep", "1.0", {"dep.py": b"dep"})
    return one


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    [platform] = json.loads(capsys.readouterr().out)["Platforms"]
    found: dict[str, Any] = platform
    return found


def test_the_lowest_fixed_wheel_with_what_it_needs(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app.offer("web", "1.0.6", {"web.py": b"new"}, "dep>=1.2", "extra>=2 ; python_version<'3.12'",
              "other ; sys_platform=='win32'")  # fmt: skip
    app.offer("web", "1.1.0", {"web.py": b"newer"})
    for version in ("1.2", "1.3"):
        app.offer("dep", version, {"dep.py": version.encode()})
    app.offer("extra", "2.0", {"extra.py": b""})
    app.offer("extra", "2.5", {"extra.py": b""})
    assert app.patch() == 0
    found = said(capsys)
    assert {(p["Name"], p["Before"], p["After"]) for p in found["Packages"]} == {
        ("web", "1.0.1", "1.0.6"), ("dep", "1.0", "1.2"), ("extra", "", "2.5")
    }  # fmt: skip
    assert found["Findings"]["After"] == {}
    layer = app.layer()
    assert f"{SITE}/web-1.0.6.dist-info/RECORD" in layer
    assert f"{SITE}/.wh.web_gone.py" in layer
    assert f"{SITE}/.wh.web-1.0.1.dist-info" in layer
    assert layer["opt/app/bin/web"].mode == 0o755


def test_what_refuses_a_version_keeps_it(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.files |= installed("strict", "1.0", {"strict.py": b""}, ("web<1.0.4",))
    app.offer("web", "1.0.6", {"web.py": b"new"})
    assert app.patch() == 0
    [one] = said(capsys)["Staying"]
    assert (one["Name"], one["Why"]) == ("web", "strict 1.0 needs web<1.0.4")
    assert not app.out.exists()


def test_no_larger_step_than_allowed(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.flaws = [advisory("TEST-1", "PyPI", "web", "2.0.0")]
    app.offer("web", "2.0.0", {"web.py": b"new"})
    assert app.patch() == 0
    [one] = said(capsys)["Staying"]
    assert one["Why"] == "its fix is further away than a minor version"
    assert app.patch("--up-to", "major") == 0
    assert app.out.exists()


def test_a_wheel_with_a_flaw_of_its_own_is_left_behind(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    worse = advisory("TEST-2", "PyPI", "web", "1.0.8")
    worse["affected"][0]["ranges"][0]["events"][0] = {"introduced": "1.0.5"}
    app.flaws.append(worse)
    for version in ("1.0.5", "1.0.8"):
        app.offer("web", version, {"web.py": version.encode()})
    assert app.patch() == 0
    [one] = said(capsys)["Packages"]
    assert one["After"] == "1.0.8"


@pytest.mark.parametrize(("lie", "words"), [
    ("digest", "is not what the index names"), ("record", "is not what its RECORD says"),
    ("path", "leads out of the wheel"), ("name", "not web"), ("zip", "it is no wheel"),
    ("script", "a script is called"),
])  # fmt: skip
def test_what_lies_stops_everything(
    app: App, capsys: pytest.CaptureFixture[str], lie: str, words: str
) -> None:
    name = app.offer("web", "1.0.5", {"web.py": b"new"})
    if lie == "digest":
        app.stated[name] = "0" * 64
    elif lie == "record":
        app.wheels[name] = wheel("web", "1.0.5", {"web.py": b"new"}, record={"web.py": _sum(b"x")})
    elif lie == "path":
        app.wheels[name] = wheel("web", "1.0.5", {"../../etc/passwd": b"new"})
    elif lie == "name":
        app.wheels[name] = wheel("other", "1.0.5", {"web.py": b"new"})
    elif lie == "script":
        app.wheels[name] = _with_script(app.wheels[name])
    else:
        app.wheels[name] = b"PK no zip"
    assert app.patch() in (3, 4, 6)
    printed = capsys.readouterr()
    assert words in printed.err
    assert not app.out.exists()


def _with_script(data: bytes) -> bytes:
    """Let a script of a wheel be called by a path."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        entry = b"[console_scripts]\n../x = web:main\n"
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("entry_points.txt"):
                before, content = content, entry
            if name.endswith("RECORD"):
                content = content.replace(_sum(before).encode(), _sum(entry).encode())
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.network
def test_a_real_environment_works_afterwards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        socket.create_connection(("pypi.org", 443), timeout=5).close()
    except OSError:
        pytest.skip("pypi.org cannot be reached")
    root = tmp_path / "root"
    subprocess.run([sys.executable, "-m", "venv", str(root / "opt/app")], check=True)
    python = str(root / "opt/app/bin/python")
    pins = ["flask==2.0.1", "werkzeug==2.0.1", "jinja2==3.0.1", "requests==2.25.1"]
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--only-binary", ":all:", *pins], check=True
    )
    for name, data in OS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    layer = tmp_path / "layer.tar"
    subprocess.run(["tar", "-C", str(root), "-cf", str(layer), "."], check=True)
    image = tmp_path / "image.tar"
    image.write_bytes(docker_archive([layer.read_bytes()]))
    out = tmp_path / "out"
    assert main(["patch", "--input", str(image), "-t", "app:2", "-o", f"layout={out}", "--app", "--json",
                 "--up-to", "major", "--skip-db-update", "--cache-dir", str(tmp_path / "c")]) in (0, 5)  # fmt: skip
    found = said(capsys)
    assert {"flask", "werkzeug", "jinja2"} <= {one["Name"] for one in found["Packages"]}
    assert not found["Findings"]["New"]
    blobs = out / "blobs/sha256"
    with tarfile.open(blobs / found["AppLayer"]["Digest"][7:]) as tar:
        for info in tar.getmembers():
            folder, _, base = info.name.rpartition("/")
            if base.startswith(".wh."):
                gone = root / folder / base[4:]
                shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    subprocess.run(["tar", "-C", str(root), "--exclude=.wh.*", "-xzf",
                    str(blobs / found["AppLayer"]["Digest"][7:])], check=True)  # fmt: skip
    checked = subprocess.run(
        [python, "-m", "pip", "check"], check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
    subprocess.run([python, "-c", "import flask, requests, jinja2; flask.Flask('x')"], check=True)
    subprocess.run([python, "-m", "pip", "uninstall", "-q", "-y", "flask"], check=True)


USES = b"from web import kept, lost\nimport web.inner\n"


def _with_user(app: App, path: str = "srv/main.py", source: bytes = USES) -> None:
    app.files |= installed("web", "1.0.1", {"web/__init__.py": b"kept = lost = 1\n",
                                            "web/inner.py": b"", "web/own.py": USES})  # fmt: skip
    del app.files[f"{SITE}/web.py"]
    app.files[path] = source


def _web(*names: str) -> dict[str, bytes]:
    return {"web/__init__.py": " = ".join([*names, "1"]).encode(), "web/inner.py": b""}


@pytest.mark.parametrize(
    ("path", "shown"), [("srv/main.py", "/srv/main.py"), (f"{SITE}/user.py", f"/{SITE}/user.py")]
)
def test_what_is_imported_must_be_there(
    app: App, capsys: pytest.CaptureFixture[str], path: str, shown: str
) -> None:
    _with_user(app, path)
    app.offer("web", "1.0.5", _web("kept"))
    assert app.patch() == 0
    [stays] = said(capsys)["Staying"]
    assert stays["Why"] == f"web 1.0.5: {shown} imports lost from web, which is not there"
    app.offer("web", "1.0.6", _web("kept", "lost"))
    assert app.patch() == 0
    assert [p["After"] for p in said(capsys)["Packages"]] == ["1.0.6"]


def test_a_module_that_is_gone(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    _with_user(app)
    app.offer("web", "1.0.5", {"web/__init__.py": b"kept = lost = 1"})
    assert app.patch() == 0
    [stays] = said(capsys)["Staying"]
    assert "/srv/main.py imports web.inner, which is not there" in stays["Why"]


@pytest.mark.parametrize(
    "source",
    [b"try:\n    from web import lost\nexcept ImportError:\n    lost = None\n",
     b"from web import never_was\n", b"import other\nfrom other import lost\n"],
)  # fmt: skip
def test_what_may_be_absent_keeps_nothing_back(
    app: App, capsys: pytest.CaptureFixture[str], source: bytes
) -> None:
    _with_user(app, source=source)
    app.offer("web", "1.0.5", _web("kept"))
    assert app.patch() == 0
    assert [p["After"] for p in said(capsys)["Packages"]] == ["1.0.5"]


def test_what_imports_it_moves_along(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """The old version of a package that is replaced as well does not count, the new one does."""
    _with_user(app, source=b"")
    app.files |= installed("user", "1.0", {"user.py": b"from web import lost\n"}, ("web",))
    app.flaws.append(advisory("TEST-2", "PyPI", "user", "1.1"))
    app.offer("web", "1.0.5", _web("kept"))
    app.offer("user", "1.1", {"user.py": b"from web import kept\n"}, "web>=1.0.5")
    assert app.patch() == 0
    assert {(p["Name"], p["After"]) for p in said(capsys)["Packages"]} == {
        ("web", "1.0.5"), ("user", "1.1")}  # fmt: skip
    app.offer("user", "1.1", {"user.py": b"from web import lost\n"}, "web>=1.0.5")
    shutil.rmtree(app.out)
    assert app.patch() == 0
    assert "the new user imports lost from web" in said(capsys)["Staying"][0]["Why"]


@pytest.mark.parametrize(("program", "is_kept"), [("old-name", False), ("web", True)])
def test_what_the_image_starts_stays(
    app: App, capsys: pytest.CaptureFixture[str], program: str, is_kept: bool
) -> None:
    app.config = {"Cmd": [program, "run"], "Env": ["PATH=/opt/app/bin:/bin"]}
    app.files["opt/app/bin/old-name"] = b"#!/opt/app/bin/python\n"
    app.files[f"{SITE}/web-1.0.1.dist-info/RECORD"] += b"../../../bin/old-name,,\n"
    app.offer("web", "1.0.5", {"web.py": b"new"})
    assert app.patch() == (0 if is_kept else 1)
    said = capsys.readouterr().err
    assert is_kept or "starts old-name, which the new versions do not have; nothing" in said
    assert app.out.exists() == is_kept


def test_what_is_too_much_to_read_is_said(
    app: App, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pratique.patch.imagefiles._LARGEST_ALL", 1)
    _with_user(app)
    app.offer("web", "1.0.5", _web("kept"))
    assert app.patch() == 0
    [note] = said(capsys)["Notes"]
    assert note.endswith("were not read: what uses them is not checked")
