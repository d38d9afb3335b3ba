"""What is written of a report is read again without a loss, in each format."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from pratique.codecs.sbom import clean
from pratique.model.inventory import Distro, Inventory, Package
from pratique.model.report import Report
from sboms import FORMATS, report, reports, scanned, written

DEBIAN = Distro("etc/os-release", "debian", "12.5", "Debian GNU/Linux 12")


@pytest.mark.parametrize("name", FORMATS)
@given(report=reports())
@settings(max_examples=25, deadline=None, report_multiple_bugs=False)
def test_any_inventory_survives(name: str, report: Report) -> None:
    [found] = scanned(written(name, report))
    assert found.name == report.name
    assert found.inventory.packages == report.inventory.packages
    assert found.inventory == report.inventory
    if report.image is None:
        assert found.image is None
    else:
        assert found.image == replace(report.image, config={})
        assert found.base == replace(
            report.base, name=clean(report.base.name), known_by=clean(report.base.known_by)
        )


@pytest.mark.parametrize("name", FORMATS)
@given(report=reports())
@settings(max_examples=10, deadline=None)
def test_the_same_report_gives_the_same_bytes(name: str, report: Report) -> None:
    assert written(name, report) == written(name, report)


@pytest.mark.parametrize("name", FORMATS)
def test_packages_that_differ_in_their_place_alone_all_survive(name: str) -> None:
    twins = [Package(f"{n}/package.json", "node-pkg", "npm", "debug", "2.6.9") for n in range(3)]
    [found] = scanned(written(name, report(*twins, twins[0])))
    assert found.inventory.packages == (twins[0], *twins)


@pytest.mark.parametrize("name", FORMATS)
def test_each_platform_of_an_image_is_read_apart(name: str) -> None:
    arm = report(Package("a", "jar", "maven", "g:a", "1"), layers=1)
    assert arm.image
    intel = replace(
        report(Package("var/lib/dpkg/status", "dpkg", "deb", "bash", "5"),
               Package("b", "jar", "maven", "b", "2"), Package("a", "jar", "maven", "g:a", "1"),
               distro=DEBIAN, layers=2),
        image=replace(arm.image, platform="linux/amd64"),
    )  # fmt: skip
    found = scanned(written(name, arm, intel))
    assert [one.inventory for one in found] == [arm.inventory, intel.inventory]
    assert [one.image for one in found] == [arm.image, intel.image]


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_image_is_one(name: str) -> None:
    [found] = scanned(written(name, report(layers=1)))
    assert found.inventory == Inventory()
    assert found.image
    assert len(found.image.layers) == 1


def test_a_plain_package_needs_no_correction() -> None:
    deb = Package("var/lib/dpkg/status", "dpkg", "deb", "bsdutils", "1:2.38.1-5+b1", "amd64",
                  "util-linux", "2.38.1-5", introduced=0, changed=0)  # fmt: skip
    jar = Package("app/a.jar", "jar", "maven", "org.x:b", "1", inner="lib/b.jar", introduced=1,
                  changed=1, depends=())  # fmt: skip
    go = Package("app/x", "gobinary", "golang", "github.com/Azure/y", "v1.0.0")
    flask = Package("x/METADATA", "python-pkg", "pypi", "Flask_Login", "1", licenses=("MIT",))
    for name in FORMATS:
        assert b"pratique:package" not in written(
            name, report(deb, jar, go, flask, distro=DEBIAN, layers=2)
        )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("licenses", [
    ("(MIT OR ISC) AND Zlib",), ("MIT OR ISC", "Zlib"), ("MIT AND Zlib",), ("MIT", "Zlib"), ("MIT OR ISC",),
])  # fmt: skip
def test_one_expression_stays_one(name: str, licenses: tuple[str, ...]) -> None:
    deb = Package("x", "dpkg", "deb", "a", "1", licenses=licenses)
    [found] = scanned(written(name, report(deb)))
    assert found.inventory.packages == (deb,)
