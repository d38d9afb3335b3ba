from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pratique
from images import advisory, feed_mirror
from pratique import Report, Settings, scan, scan_directory

SHOP = str(Path(__file__).parents[1] / "examples" / "shop.tar")


def test_a_scan_is_one_call(tmp_path: Path) -> None:
    mirror = feed_mirror(tmp_path / "m", {
        "PyPI": [advisory("PYSEC-1", "PyPI", "Flask", "2.2.5", aliases=["CVE-2023-30861"])],
        "npm": [], "Maven": [], "Go": [], "Debian": [],
    })  # fmt: skip
    settings = Settings(input=SHOP, cache_dir=str(tmp_path / "c"), feed_mirror=(str(mirror),))
    [report] = scan("", settings)
    assert isinstance(report, Report)
    assert report.inventory.distro is not None
    assert report.inventory.distro.id == "debian"
    flask = [f for f in report.findings if f.package.name == "Flask"]
    assert [(f.id, f.fixed, f.package.introduced) for f in flask] == [
        ("CVE-2023-30861", ("2.2.5",), 2)
    ]


def test_a_directory_is_one_call(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("Flask==2.0.1\n")
    settings = Settings(cache_dir=str(tmp_path / "c"), offline=True)
    report = scan_directory(str(tmp_path), settings, locked=True)
    assert [p.name for p in report.inventory.packages] == ["Flask"]


def test_importing_the_package_imports_nothing_more() -> None:
    code = (
        "import sys, pratique; print(any('pratique.' in m or m == 'msgspec' for m in sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, check=True
    ).stdout
    assert said == b"False\n"


def test_every_public_name_is_there() -> None:
    assert all(getattr(pratique, name) for name in pratique.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'absent'"):
        getattr(pratique, "absent")  # noqa: B009
