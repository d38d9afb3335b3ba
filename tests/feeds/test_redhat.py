from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
import zstandard

from feeds.csaf_documents import document
from feeds.reading import abouts, fixes, is_affected, read, unread
from pratique.errors import MalformedError
from pratique.feeds import redhat

ROOT = "https://security.access.redhat.com/data/csaf/v2/vex/"
RHEL = {
    "AppStream-9.2": "cpe:/a:redhat:enterprise_linux:9::appstream",
    "AppStream-9.3": "cpe:/a:redhat:enterprise_linux:9::appstream",
    "AppStream-8.9": "cpe:/a:redhat:enterprise_linux:8::appstream",
    "EUS-9.0": "cpe:/a:redhat:rhel_eus:9.0::appstream",
    "rhel7": "cpe:/o:redhat:enterprise_linux:7",
    "rhel9": "cpe:/o:redhat:enterprise_linux:9",
    "rhel10": "cpe:/o:redhat:enterprise_linux:10.0",
    "jboss": "cpe:/a:redhat:jboss_core_services:1::el8",
}


@pytest.fixture
def vex(feed_mirror: Path) -> Path:
    return feed_mirror / "security.access.redhat.com/data/csaf/v2/vex"


def test_curl_38545_is_fixed_in_9_on_two_lines_and_affects_no_8(vex: Path) -> None:
    records = read(redhat.feed, vex / "2023/cve-2023-38545.json")
    affected = [
        version
        for version in ("7.76.1-14.el9", "7.76.1-23.el9_2.3", "7.76.1-23.el9_2.4", "7.76.1-26.el9",
                        "7.76.1-26.el9_3.1", "7.76.1-26.el9_3.2", "7.76.1-29.el9")
        if is_affected(records, "Red Hat:9", "libcurl", version)
    ]  # fmt: skip
    assert affected == ["7.76.1-14.el9", "7.76.1-23.el9_2.3", "7.76.1-26.el9", "7.76.1-26.el9_3.1"]
    assert {about.ecosystem for about in abouts(records)} == {"Red Hat:9"}
    advisory = abouts(records)[0].advisory
    assert (advisory.id, advisory.cwes) == ("CVE-2023-38545", ("CWE-119",))
    assert [(r.source, r.severity, r.score) for r in advisory.ratings] == [("redhat", "HIGH", 8.1)]
    assert "https://access.redhat.com/errata/RHSA-2023:6745" in abouts(records)[0].prose.references


def test_what_is_out_of_support_scope_has_no_fix_to_wait_for(vex: Path) -> None:
    [about] = abouts(read(redhat.feed, vex / "2022/cve-2022-38752.json"))
    assert (about.ecosystem, about.name) == ("Red Hat:7", "snakeyaml")
    assert about.affected.status == "end_of_life"
    assert about.affected.ranges[0].fixed == ""


@pytest.mark.parametrize(
    ("category", "details", "status"),
    [("no_fix_planned", "Will not fix", "will_not_fix"),
     ("no_fix_planned", "Out of support scope", "end_of_life"),
     ("none_available", "Fix deferred", "fix_deferred"),
     ("none_available", "Affected", "affected"),
     ("workaround", "turn it off", "affected")],
)  # fmt: skip
def test_why_there_is_no_fix_is_told(category: str, details: str, status: str) -> None:
    pair = ("rhel9", "vim")
    data = document(RHEL, {"vim": "pkg:rpm/redhat/vim?arch=src"}, {"known_affected": [pair]},
                    [(category, details, [pair])])  # fmt: skip
    [about] = abouts(read(redhat.feed, data))
    assert (about.name, about.affected.status) == ("vim", status)


def test_what_is_under_investigation_is_told_and_what_is_not_affected_is_not() -> None:
    components = {"vim": "pkg:rpm/redhat/vim?arch=src", "nano": "pkg:rpm/redhat/nano?arch=src"}
    data = document(RHEL, components, {
        "under_investigation": [("rhel10", "vim")], "known_not_affected": [("rhel9", "nano")],
    })  # fmt: skip
    [about] = abouts(read(redhat.feed, data))
    assert (about.ecosystem, about.name) == ("Red Hat:10", "vim")
    assert about.affected.status == "under_investigation"


def test_extended_streams_and_layered_products_are_kept_out() -> None:
    build = "vim-2:8.2-1.el9.x86_64"
    purl = "pkg:rpm/redhat/vim@8.2-1.el9?arch=x86_64&epoch=2"
    data = document(RHEL, {build: purl}, {"fixed": [("EUS-9.0", build), ("jboss", build)]})
    assert not read(redhat.feed, data)
    data = document(RHEL, {build: purl}, {"fixed": [("EUS-9.0", build), ("AppStream-9.3", build)]})
    assert fixes(read(redhat.feed, data)) == {"vim": ("2:8.2-1.el9",)}


@pytest.mark.parametrize("form", ["qualifier", "suffix", "relationship"])
def test_a_stream_is_read_from_each_form_that_names_it(form: str) -> None:
    version = "18.19.0-1.module%2Bel8.9.0%2B1%2Babc"
    purl = f"pkg:rpm/redhat/nodejs@{version}?arch=x86_64&epoch=1"
    reference, product, modules = (
        "nodejs-1:18.19.0-1.module+el8.9.0+1+abc.x86_64",
        "AppStream-8.9",
        {},
    )
    if form == "qualifier":
        purl += "&rpmmod=nodejs:18:8090020240101:abc"
    elif form == "suffix":
        reference += "::nodejs:18"
    else:
        modules = {"nodejs:18:8090020240101:abc": "pkg:rpmmod/redhat/nodejs@18:8090020240101:abc"}
        product = "AppStream-8.9:nodejs:18:8090020240101:abc"
    data = document(RHEL, {reference: purl}, {"fixed": [(product, reference)]}, modules=modules)
    [about] = abouts(read(redhat.feed, data))
    assert (about.ecosystem, about.name, about.affected.module) == (
        "Red Hat:8",
        "nodejs",
        "nodejs:18",
    )
    assert about.affected.ranges[0].fixed == "1:18.19.0-1.module+el8.9.0+1+abc"


@pytest.mark.parametrize("purl", ["", "pkg:rpmmod/redhat/nodejs:18/nodejs",
                                  "pkg:rpm/redhat/nodejs?arch=src&rpmmod=nodejs:18"])  # fmt: skip
def test_what_is_not_fixed_is_of_a_stream_as_well(purl: str) -> None:
    data = document(RHEL, {"nodejs:18/nodejs": purl},
                    {"known_affected": [("AppStream-8.9", "nodejs:18/nodejs")]})  # fmt: skip
    [about] = abouts(read(redhat.feed, data))
    assert (about.name, about.affected.module) == ("nodejs", "nodejs:18")


def test_binary_packages_stand_for_the_source_that_is_listed_beside_them() -> None:
    components = {"curl.src": "pkg:rpm/redhat/curl?arch=src", "libcurl": "pkg:rpm/redhat/libcurl"}
    pairs = [("rhel9", reference) for reference in components]
    names = {a.name for a in abouts(read(redhat.feed, document(RHEL, components,
                                                               {"known_affected": pairs})))}  # fmt: skip
    assert names == {"libcurl"}
    only = document(RHEL, components, {"known_affected": pairs[:1]})
    assert {a.name for a in abouts(read(redhat.feed, only))} == {"curl"}


def test_container_images_are_no_packages() -> None:
    image = "ubi9/nginx-120"
    data = document(RHEL, {image: f"pkg:oci/{image}"}, {"known_affected": [("rhel9", image)]})
    assert not read(redhat.feed, data)


def archive(documents: dict[str, bytes], path: Path) -> Path:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in documents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    path.write_bytes(zstandard.ZstdCompressor().compress(buffer.getvalue()))
    return path


def test_an_archive_is_read_document_by_document_and_a_broken_one_is_named(tmp_path: Path) -> None:
    pair = ("rhel9", "vim")
    purls = {"vim": "pkg:rpm/redhat/vim?arch=src"}
    documents = {
        f"2024/cve-2024-{n}.json": document(
            RHEL, purls, {"known_affected": [pair]}, cve=f"CVE-2024-{n}"
        )
        for n in range(1000, 1005)
    }
    documents["2024/cve-2024-1002.json"] = b'{"document": 7}'
    path = archive({**documents, "index.txt": b"x"}, tmp_path / "csaf_vex.tar.zst")
    records = read(redhat.feed, path, f"{ROOT}csaf_vex_2026-11-20.tar.zst")
    assert [a.advisory.id for a in abouts(records)] == [
        f"CVE-2024-{n}" for n in (1000, 1001, 1003, 1004)
    ]
    [broken] = unread(records)
    assert broken.what == "2024/cve-2024-1002.json"
    assert "no CSAF document" in broken.reason


def test_a_document_alone_that_is_broken_is_an_error() -> None:
    with pytest.raises(MalformedError, match="no CSAF document"):
        read(redhat.feed, b'{"document": 7}')


def test_a_truncated_archive_is_an_error(tmp_path: Path) -> None:
    path = archive({"a.json": document(RHEL, {}, {})}, tmp_path / "x")
    with pytest.raises(MalformedError):
        read(redhat.feed, path.read_bytes()[:-20], f"{ROOT}x.tar.zst")


def test_the_list_names_the_archive_and_a_folder_its_documents() -> None:
    latest = redhat.links(io.BytesIO(b"csaf_vex_2026-11-20.tar.zst\n"), f"{ROOT}archive_latest.txt")
    assert latest == (f"{ROOT}csaf_vex_2026-11-20.tar.zst",)
    with pytest.raises(MalformedError):
        redhat.links(io.BytesIO(b"../../etc/passwd"), f"{ROOT}archive_latest.txt")
    listed = b"2023/cve-2023-38545.json\nchanges.csv\n2023/cve-2023-38545.json.asc\n"
    assert redhat.links(io.BytesIO(listed), ROOT) == (f"{ROOT}2023/cve-2023-38545.json",)
    assert redhat.links(io.BytesIO(b"{}"), f"{ROOT}2023/cve-2023-38545.json") == ()


def test_changes_are_listed_with_the_addresses_of_their_documents() -> None:
    data = (b'"2024/cve-2024-2.json","2026-11-20T12:34:56+00:00"\r\n'
            b'"2023/cve-2023-38545.json","2026-11-19T00:00:00+00:00"\n')  # fmt: skip
    found = list(redhat.entries(io.BytesIO(data), f"{ROOT}changes.csv"))
    assert [(c.id, c.modified[:10]) for c in found] == [
        ("CVE-2024-2", "2026-11-20"), ("CVE-2023-38545", "2026-11-19"),
    ]  # fmt: skip
    assert found[1].address == f"{ROOT}2023/cve-2023-38545.json"
    with pytest.raises(MalformedError, match="line 1"):
        list(redhat.entries(io.BytesIO(b"<html>"), f"{ROOT}changes.csv"))


def test_only_main_releases_are_served() -> None:
    assert redhat.feed.documents("Red Hat:9") == (f"{ROOT}archive_latest.txt",)
    assert redhat.folder.documents("Red Hat:*") == (ROOT,)
    assert redhat.changes("Red Hat:9") == f"{ROOT}changes.csv"
    for other in ("Red Hat:rhel_eus:9.2::baseos", "Red Hat", "Rocky Linux:9", "CVE:2024"):
        assert redhat.feed.documents(other) == ()
