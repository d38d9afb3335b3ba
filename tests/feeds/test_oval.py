"""Feeds that read OVAL, and Photon's list beside its own."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path

import pytest

from feeds.reading import abouts, fixes, is_affected, read, unread
from pratique.errors import MalformedError
from pratique.feeds import azure, oracle, photon
from pratique.model.advisory import Range
from pratique.model.feed import Feed

AZURE = "raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main"


def azure_oval(*tests: tuple[str, str], patchable: str = "true", operator: str = "AND") -> bytes:
    criterions = "".join(f'<criterion test_ref="tst:{n}" comment="c"/>' for n in range(len(tests)))
    parts = [
        "".join(f'<l:rpminfo_test id="tst:{n}"><l:object object_ref="obj"/>'
                f'<l:state state_ref="ste:{n}"/></l:rpminfo_test>' for n in range(len(tests))),
        '<l:rpminfo_object id="obj"><l:name>golang</l:name></l:rpminfo_object>',
        "".join(f'<l:rpminfo_state id="ste:{n}"><l:evr operation="{operation}">{evr}</l:evr>'
                "</l:rpminfo_state>" for n, (operation, evr) in enumerate(tests)),
    ]  # fmt: skip
    return f"""<oval_definitions xmlns:l="x"><definitions><definition id="def:1"><metadata>
<title>t</title><reference ref_id="CVE-2024-1" ref_url="https://host/1" source="CVE"/>
<patchable>{patchable}</patchable><advisory_date>2024-03-19T17:21:46Z</advisory_date>
<severity>High</severity></metadata><criteria operator="{operator}">{criterions}</criteria>
</definition></definitions><tests>{parts[0]}</tests><objects>{parts[1]}</objects>
<states>{parts[2]}</states></oval_definitions>""".encode()


@pytest.mark.parametrize(
    ("tests", "expected"),
    [([("less than", "0:1.20.7-1.azl3")], Range("0", "1.20.7-1.azl3")),
     ([("less than or equal", "0:1.20.7-1.azl3")], Range("0", "", "1.20.7-1.azl3")),
     ([("less than", "0:1.20.7-1.azl3"), ("greater than", "0:0.0.0.azl3")],
      Range("0", "1.20.7-1.azl3")),
     ([("less than", "0:1.20.7-1.azl3"), ("greater than", "0:1.19.0-2.azl3")],
      Range("1.19.0-2.azl3^", "1.20.7-1.azl3"))],
)  # fmt: skip
def test_azures_tests_are_a_range(tests: list[tuple[str, str]], expected: Range) -> None:
    [about] = abouts(read(azure.feed, azure_oval(*tests), "https://h/azurelinux-3.0-oval.xml"))
    assert (about.ecosystem, about.name, about.affected.ranges) == (
        "Azure Linux:3",
        "golang",
        (expected,),
    )
    assert (about.advisory.id, about.advisory.published) == ("CVE-2024-1", "2024-03-19T17:21:46Z")


def test_greater_than_leaves_the_version_itself_out() -> None:
    tests = [("less than", "0:2-1.azl3"), ("greater than", "0:1.19.0-2.azl3")]
    records = read(azure.feed, azure_oval(*tests), "https://h/azurelinux-3.0-oval.xml")
    assert not is_affected(records, "Azure Linux:3", "golang", "1.19.0-2.azl3")
    assert is_affected(records, "Azure Linux:3", "golang", "1.19.0-3.azl3")


def test_what_never_was_applicable_says_nothing() -> None:
    assert not read(azure.feed, azure_oval(("less than", "1-1"), patchable="Not Applicable"))


@pytest.mark.parametrize(
    "data",
    [azure_oval(), azure_oval(("equals", "1-1")), azure_oval(("less than", "1-1"), operator="OR"),
     azure_oval(("less than", "1-1")).replace(b'id="ste:0"', b'id="ste:9"'),
     azure_oval(("less than", "1-1")).replace(b"CVE-2024-1", b"none")],
)  # fmt: skip
def test_a_definition_of_another_kind_is_named(data: bytes) -> None:
    assert [u.what for u in unread(read(azure.feed, data))] == ["def:1"]


@pytest.mark.parametrize(
    ("name", "count", "last"), [("azurelinux-3.0", 2266, 0), ("cbl-mariner-1.0", 2174, 126)]
)
def test_all_of_azures_definitions_are_read(
    feed_mirror: Path, name: str, count: int, last: int
) -> None:
    path = feed_mirror / AZURE / f"{name}-oval.xml"
    began = time.process_time()
    records = read(azure.feed, path, f"https://{AZURE}/{path.name}")
    assert time.process_time() - began < 3
    assert not unread(records)
    assert len(abouts(records)) == count
    assert sum(bool(a.affected.ranges[0].last) for a in abouts(records)) == last


def test_known_facts_of_azure(feed_mirror: Path) -> None:
    path = feed_mirror / AZURE / "azurelinux-3.0-oval.xml"
    records = read(azure.feed, path, f"https://{AZURE}/{path.name}")
    assert is_affected(records, "Azure Linux:3", "openssh", "9.8p1-2.azl3")
    assert not is_affected(records, "Azure Linux:3", "openssh", "9.8p1-3.azl3")


def oracle_oval(criteria: str) -> bytes:
    return f"""<oval_definitions><definitions><definition id="oval:com.oracle.elsa:def:1" class="patch">
<metadata><title>
ELSA-2024-1:  an update (IMPORTANT)
</title><reference source="elsa" ref_id="ELSA-2024-1" ref_url="http://host/ELSA-2024-1.html"/>
<reference source="CVE" ref_id="CVE-2024-1" ref_url="http://host/CVE-2024-1.html"/>
<advisory><severity>IMPORTANT</severity><issued date="2024-01-02"/>
<cve cvss3="5.5/CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N">CVE-2024-1</cve></advisory></metadata>
{criteria}</definition></definitions></oval_definitions>""".encode()


def all_of(*parts: str) -> str:
    return f'<criteria operator="AND">{"".join(map(written, parts))}</criteria>'


def any_of(*parts: str) -> str:
    return f'<criteria operator="OR">{"".join(map(written, parts))}</criteria>'


def written(part: str) -> str:
    return part if part.startswith("<") else f'<criterion test_ref="t" comment="{part}"/>'


def earlier(name: str, version: str) -> str:
    return all_of(
        f"{name} is earlier than {version}", f"{name} is signed with the Oracle Linux key"
    )


def test_releases_architectures_and_streams_are_those_that_a_package_is_asked_with() -> None:
    criteria = any_of(
        all_of("Oracle Linux 8 is installed", any_of(
            all_of("Oracle Linux arch is x86_64", any_of(earlier("vim", "2:8.0-1.el8"))),
            all_of("Oracle Linux arch is aarch64", any_of(earlier("vim", "2:8.0-2.el8"))),
            all_of("Module nodejs:18 is enabled", any_of(earlier("nodejs", "1:18-1.module+el8"))),
        )),
        all_of("Oracle Linux 9 is installed", any_of(earlier("vim", "0:9.0-1.el9"))),
    )  # fmt: skip
    found = {
        (a.ecosystem, a.name, a.affected.arches, a.affected.module): a.affected.ranges[0].fixed
        for a in abouts(read(oracle.feed, oracle_oval(criteria)))
    }
    assert found == {
        ("Oracle Linux:8", "vim", ("i386", "i686", "noarch", "x86_64"), ""): "2:8.0-1.el8",
        ("Oracle Linux:8", "vim", ("aarch64", "noarch"), ""): "2:8.0-2.el8",
        ("Oracle Linux:8", "nodejs", (), "nodejs:18"): "1:18-1.module+el8",
        ("Oracle Linux:9", "vim", (), ""): "9.0-1.el9",
    }


def test_an_elsa_is_a_bulletin_with_oracles_word_and_a_vector_where_it_is_one_flaw() -> None:
    data = oracle_oval(all_of("Oracle Linux 9 is installed", any_of(earlier("vim", "0:9.0-1.el9"))))
    advisory = abouts(read(oracle.feed, data))[0].advisory
    assert (advisory.id, advisory.covers) == ("ELSA-2024-1", ("CVE-2024-1",))
    assert [(r.severity, r.score) for r in advisory.ratings] == [("HIGH", 5.5)]
    assert advisory.published == "2024-01-02T00:00:00Z"


def test_an_unbreakable_kernel_is_compared_with_its_own_line() -> None:
    data = oracle_oval(all_of("Oracle Linux 7 is installed", any_of(
        earlier("kernel-uek", "0:5.4.17-2102.200.13.el7uek"))))  # fmt: skip
    records = read(oracle.feed, data)
    assert is_affected(records, "Oracle Linux:7", "kernel-uek", "5.4.17-2036.100.el7uek")
    assert not is_affected(records, "Oracle Linux:7", "kernel-uek", "4.14.35-2047.el7uek")


def test_words_after_a_version_are_passed_over_and_nothing_is_earlier_than_0() -> None:
    data = oracle_oval(all_of("Oracle Linux 9 is installed", any_of(
        earlier("vim", "0:9.0-1.el9 or so"), earlier("nano", "0"), earlier("ed", "0:1-1"))))  # fmt: skip
    assert fixes(read(oracle.feed, data)) == {"vim": ("9.0-1.el9",), "ed": ("1-1",)}


def test_a_definition_without_packages_is_named() -> None:
    [record] = unread(read(oracle.feed, oracle_oval(all_of("Oracle Linux 7 is installed"))))
    assert record.what == "oval:com.oracle.elsa:def:1"


def test_all_of_oracles_definitions_are_read(feed_mirror: Path) -> None:
    path = feed_mirror / "linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2"
    records = read(oracle.feed, path)
    assert not unread(records)
    assert len({a.advisory.id for a in abouts(records)}) == 14
    assert is_affected(records, "Oracle Linux:7", "sudo", "1.8.23-4.el7")
    assert not is_affected(records, "Oracle Linux:7", "sudo", "1.8.23-4.0.1.el7")


def test_large_documents_are_read_in_bounded_memory(tmp_path: Path) -> None:
    one = oracle_oval(all_of("Oracle Linux 9 is installed", any_of(
        *(earlier(f"package-{n}", "0:9.0-1.el9") for n in range(50)))))  # fmt: skip
    head, tail = one.split(b"<definition ")[0], b"</definitions></oval_definitions>"
    body = one[len(head) : -len(tail)]
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.write(head)
        for _ in range(4000):  # 50 MB
            file.write(body)
        file.write(tail)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("rb") as file:
        assert sum(1 for _ in oracle.feed.parse(file, "large.xml")) == 200_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # KiB


def listed(**entry: object) -> bytes:
    return json.dumps([{"cve_id": "CVE-2024-1", "pkg": "curl", "cve_score": 7.5, **entry}]).encode()


@pytest.mark.parametrize(
    ("entry", "fixed"),
    [({"res_ver": "8.1-1.ph5", "status": "Fixed"}, "8.1-1.ph5"), ({"res_ver": "8.1-1.ph5"}, "8.1-1.ph5"),
     ({"res_ver": "NA", "status": "Affected"}, ""), ({"res_ver": None, "status": "Will Not Fix"}, "")],
)  # fmt: skip
def test_photons_entry_is_affected_until_its_version(entry: dict[str, object], fixed: str) -> None:
    [about] = abouts(read(photon.feed, listed(**entry), "https://h/cve_data_photon5.0.json"))
    assert (about.ecosystem, about.affected.ranges) == ("Photon OS:5.0", (Range("0", fixed),))
    assert [(r.severity, r.score) for r in about.advisory.ratings] == [("HIGH", 7.5)]


@pytest.mark.parametrize("score", [None, 0, -1, 11, 1e300])
def test_a_score_that_is_none_rates_nothing(score: float | None) -> None:
    [about] = abouts(read(photon.feed, listed(res_ver="1-1", cve_score=score)))
    assert about.advisory.ratings == ()


def test_what_is_not_affected_or_fixed_in_no_version_that_is_named_says_nothing() -> None:
    assert not read(photon.feed, listed(res_ver="NA", status="Not Affected"))
    assert not read(photon.feed, listed(res_ver="NA", status="Fixed", cve_score=None))
    [record] = unread(read(photon.feed, listed(res_ver="1-1", pkg="")))
    assert (record.what, record.reason) == ("CVE-2024-1", "it names no flaw, or no package")


def test_all_of_photons_entries_are_read(feed_mirror: Path) -> None:
    folder = feed_mirror / "packages.vmware.com/photon"
    counts = []
    for path in sorted((folder / "photon_cve_metadata").iterdir()):
        records = read(photon.feed, path, f"https://h/{path.name}")
        assert not unread(records)
        counts.append(len(records))
    assert counts == [5, 5, 4, 5]
    [path] = (folder / "photon_oval_definitions").iterdir()
    records = read(photon.bulletins, path, f"https://h/{path.name}")
    assert not unread(records)
    assert len({a.prose.title for a in abouts(records)}) == 222
    assert {a.ecosystem for a in abouts(records)} == {"Photon OS:3.0"}
    assert "3.27.2-5.ph3" in fixes(records)["sqlite-libs"]


def test_each_release_has_its_document() -> None:
    assert azure.feed.documents("Azure Linux:3") == (f"https://{AZURE}/azurelinux-3.0-oval.xml",)
    assert len(azure.feed.documents("Azure Linux:*")) == 3
    assert photon.feed.documents("Photon OS:5.0") == (
        "https://packages.broadcom.com/photon/photon_cve_metadata/cve_data_photon5.0.json",
    )
    assert photon.bulletins.documents("Photon OS:3.0") == (
        "https://packages.vmware.com/photon/photon_oval_definitions/com.vmware.phsa-photon3.xml",
    )
    assert oracle.feed.documents("Oracle Linux:9") == oracle.feed.documents("Oracle Linux:*") != ()
    for feed in (azure.feed, photon.feed, photon.vmware, photon.bulletins, oracle.feed):
        assert not any(
            feed.documents(s) for s in ("CVE:2024", "Debian:12", "Oracle Linux", "Photon OS:9.9")
        )


@pytest.mark.parametrize("feed", [azure.feed, oracle.feed, photon.bulletins, photon.feed])
@pytest.mark.parametrize("data", [b"", b"{}", b"<html/>", b"<oval_definitions>"])
def test_what_is_none_of_their_documents_is_an_error(feed: Feed, data: bytes) -> None:
    with pytest.raises(MalformedError):
        read(feed, data)
