"""Archives of Maven Central in an image, patched, and run by Java; skipped where either is not."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from images import advisory, docker_archive, layer_tar
from patched_layers import top_layer
from pratique.cli import main
from pratique.maven_repository import repository

pytestmark = pytest.mark.network

LOG4J = "org/apache/logging/log4j"
MAIN = """\
public class Main {
    public static void main(String[] words) {
        var logger = org.apache.logging.log4j.LogManager.getLogger("shop");
        logger.error("{} is told", "it");
        System.out.println(logger.getClass().getPackage().getImplementationVersion());
    }
}
"""


@pytest.fixture
def libraries() -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {"etc/os-release": b'ID=debian\nVERSION_ID="12"\n'}
    for artifact in ("log4j-api", "log4j-core"):
        url = f"{repository()}/{LOG4J}/{artifact}/2.14.1/{artifact}-2.14.1.jar"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                found[f"app/lib/{artifact}-2.14.1.jar"] = answer.read()
        except (urllib.error.URLError, OSError) as error:
            pytest.skip(f"no repository of Maven can be reached: {error}")
    return found


def test_log4shell_is_gone_and_the_program_runs(
    libraries: dict[str, bytes | None], tmp_path: Path
) -> None:
    java = shutil.which("java")
    if not java or not shutil.which("javac"):
        pytest.skip("Java's compiler is not here")
    (tmp_path / "image.tar").write_bytes(docker_archive([layer_tar(libraries)]))
    (tmp_path / "feed").mkdir()
    record = advisory("TEST-1", "Maven", "org.apache.logging.log4j:log4j-core", "2.17.1")
    (tmp_path / "feed/TEST-1.json").write_text(json.dumps(record))
    out = tmp_path / "out"
    assert main(["patch", "--input", str(tmp_path / "image.tar"), "-t", "app:2", "--app",
                 "-o", f"layout={out}", "--advisories", str(tmp_path / "feed"), "--offline",
                 "--cache-dir", str(tmp_path / "cache")]) == 0  # fmt: skip
    for path, data in {**libraries, **top_layer(out)}.items():
        if path.endswith(".jar") and isinstance(data, bytes):
            (tmp_path / "lib").mkdir(exist_ok=True)
            (tmp_path / "lib" / Path(path).name).write_bytes(data)
    (tmp_path / "Main.java").write_text(MAIN)
    done = subprocess.run(
        [java, "-cp", f"{tmp_path}/lib/*", str(tmp_path / "Main.java")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "it is told" in done.stdout + done.stderr
    assert "2.17.1" in done.stdout
