from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from feeds.reading import abouts, is_affected, read, unread
from pratique.errors import MalformedError
from pratique.feeds import alma

ADDRESS = "https://errata.almalinux.org/8/errata.full.json"


def package(name: str, arch: str, release: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "epoch": "0",
        "version": "1.0.5",
        "release": release,
        "arch": arch,
        **more,
    }


def errata(*packages: dict[str, Any], **more: Any) -> bytes:
    erratum = {
        "id": "ALSA-2019:3708", "issued_date": 1572983623, "updated_date": 1651142818,
        "severity": "Moderate", "title": "Moderate: mariadb:10.3", "type": "security",
        "packages": packages, "references": [
            {"id": "CVE-2019-2510", "type": "cve", "href": "https://host/CVE-2019-2510"},
            {"id": "ALSA-2019:3708", "type": "self", "href": "https://host/self"}],
        **more,
    }  # fmt: skip
    return json.dumps({"schema_version": "1.0", "data": [erratum]}).encode()


def test_a_package_has_the_stream_and_the_architecture_that_it_names() -> None:
    records = abouts(read(alma.feed, errata(
        package("Judy", "x86_64", "18.module_el8.5.0", module="mariadb:10.3:805:c53:x86_64"),
        package("Judy", "ppc64le", "18.module_el8.6.0", module="mariadb:10.3:806:9ed:ppc64le"),
        package("Judy", "i686", "18.module_el8.3.0", module="mariadb-devel:10.3:803:229:x86_64"),
    ), ADDRESS))  # fmt: skip
    assert {
        (a.affected.module, a.affected.arches, a.affected.ranges[0].fixed) for a in records
    } == {
        ("mariadb:10.3", ("x86_64",), "1.0.5-18.module_el8.5.0"),
        ("mariadb:10.3", ("ppc64le",), "1.0.5-18.module_el8.6.0"),
        ("mariadb-devel:10.3", (), "1.0.5-18.module_el8.3.0"),
    }
    advisory = records[0].advisory
    assert (advisory.id, advisory.covers) == ("ALSA-2019:3708", ("CVE-2019-2510",))
    assert (advisory.published, advisory.ratings[0].severity) == ("2019-11-05T19:53:43Z", "MEDIUM")


def test_only_security_errata_are_read_and_what_lacks_packages_is_named() -> None:
    assert not read(alma.feed, errata(package("x", "x86_64", "1"), type="bugfix"), ADDRESS)
    assert [u.what for u in unread(read(alma.feed, errata(), ADDRESS))] == ["ALSA-2019:3708"]


def test_the_older_form_is_read_as_well(feed_mirror: Path) -> None:
    path = feed_mirror / "errata.almalinux.org/8/errata.json"
    records = read(alma.feed, path, "https://errata.almalinux.org/8/errata.json")
    assert not unread(records)
    assert {a.advisory.id for a in abouts(records)} == {
        "ALSA-2021:3253", "ALSA-2021:3152", "ALSA-2020:0279",
    }  # fmt: skip
    assert is_affected(records, "AlmaLinux:8", "libsndfile", "1.0.28-10.el8")
    assert not is_affected(records, "AlmaLinux:8", "libsndfile", "1.0.28-10.el8_4.1")
    assert {a.affected.module for a in abouts(records) if a.name == "libiscsi"} == {"virt:rhel"}


@pytest.mark.parametrize("data", [b"", b"{}", b"[7]", b'{"data": [{"packages": 7}]}', b"\xff"])
def test_what_is_no_list_of_errata_is_an_error(data: bytes) -> None:
    with pytest.raises(MalformedError, match="no errata"):
        read(alma.feed, data, ADDRESS)


def test_each_release_has_its_list() -> None:
    assert alma.feed.documents("AlmaLinux:8") == (ADDRESS,)
    assert len(alma.feed.documents("AlmaLinux:*")) == 3
    assert alma.feed.documents("AlmaLinux:7") == ()
