"""What is attested is where others look for it, and says what the scan found."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import sigstore

from attested import ARTIFACT, Published
from cosign import pair
from loopback import Answer, Asked, serve
from oci_layout import INDEX
from pratique.codecs.dsse import BUNDLE, envelope_of

pytest_plugins = ["attested_fixtures"]
pytestmark = pytest.mark.registry
SHOP = str(Path(__file__).parents[2] / "examples" / "shop.tar")


def manifest(published: Published, name: str) -> Any:
    url = f"http://{published.host}/v2/{published.repository}/manifests/{name}"
    accept = {"Accept": f"{ARTIFACT}, {INDEX}"}
    return json.loads(urlopen(Request(url, headers=accept)).read())


def put(published: Published, tag: str, data: bytes, kind: str) -> None:
    url = f"http://{published.host}/v2/{published.repository}/manifests/{tag}"
    urlopen(Request(url, data, {"Content-Type": kind}, method="PUT")).close()


def blob(published: Published, digest: str) -> bytes:
    url = f"http://{published.host}/v2/{published.repository}/blobs/{digest}"
    found: bytes = urlopen(url).read()
    return found


def statement(document: bytes) -> Any:
    envelope = envelope_of(document)
    assert envelope
    return json.loads(envelope.payload)


def test_a_scan_is_attested_in_cosigns_way_and_as_a_referrer(
    published: Published, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published.run("attest", "--key", published.key) == 0
    said = capsys.readouterr().out
    assert f"{published.name}: vuln attested of {published.digest}" in said
    [layer] = manifest(published, f"{published.plain}.att")["layers"]
    told = statement(blob(published, layer["digest"]))
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    assert told["predicateType"] == layer["annotations"]["predicateType"]
    [subject] = told["subject"]
    assert subject["digest"] == {"sha256": published.digest.removeprefix("sha256:")}
    assert subject["name"] == published.name.rpartition(":")[0]
    result = told["predicate"]["scanner"]["result"]
    assert result["SchemaVersion"] == 2
    assert any(v["PkgName"] == "openssl" for r in result["Results"] for v in r["Vulnerabilities"])
    # the same, as the bundle that refers to the image
    [entry] = manifest(published, published.plain)["manifests"]
    assert entry["artifactType"] == BUNDLE
    referrer = manifest(published, entry["digest"])
    assert referrer["subject"]["digest"] == published.digest
    assert referrer["subject"]["size"] == published.image["size"]
    bundle = json.loads(blob(published, referrer["layers"][0]["digest"]))
    assert bundle["mediaType"] == BUNDLE
    assert base64.b64decode(bundle["verificationMaterial"]["publicKey"]["hint"])
    assert statement(json.dumps(bundle).encode()) == told


@pytest.mark.parametrize(
    ("kind", "mark"), [("cyclonedx", "bomFormat"), ("spdxjson", "spdxVersion"), ("openvex", "@id")]
)
def test_other_types_are_made_of_the_report(published: Published, kind: str, mark: str) -> None:
    assert published.run("attest", "--key", published.key, "--type", kind) == 0
    [layer] = manifest(published, f"{published.plain}.att")["layers"]
    assert mark in statement(blob(published, layer["digest"]))["predicate"]
    assert published.run("verify", "--key", published.public, "--type", kind) == 0


def test_own_predicates(published: Published, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("looked at by Ann")
    (tmp_path / "build.json").write_text('{"builder": "x"}')
    words = ("attest", "--key", published.key, "--type")
    assert published.run(*words, "custom") == 2
    assert published.run(*words, "custom", "--predicate", "note.txt") == 0
    url = "https://slsa.dev/provenance/v1"
    assert published.run(*words, url, "--predicate", "build.json") == 0
    layers = manifest(published, f"{published.plain}.att")["layers"]
    told = [statement(blob(published, layer["digest"])) for layer in layers]
    assert told[0]["predicate"]["Data"] == "looked at by Ann"
    assert (told[1]["predicateType"], told[1]["predicate"]) == (url, {"builder": "x"})
    assert published.run("verify", "--key", published.public, "--type", url) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--type", "nonsense"], "is none of vuln"),
        (["--predicate", "absent.json"], "no such file"),
        (["--predicate", "broken.json"], "no JSON"),
        (["--predicate", "report.json"], "--report FILE takes a JSON report"),
        (["--report", "report.json"], "not of"),
        (["--report", "broken.json"], "no JSON report"),
    ],
)
def test_what_cannot_be_attested_is_refused_before_anything_is_written(
    published: Published, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    words: list[str], said: str,
) -> None:  # fmt: skip
    (tmp_path / "broken.json").write_text('{"a"')
    report = {"SchemaVersion": 2, "ArtifactType": "container_image", "ArtifactName": "other",
              "Metadata": {"ImageID": f"sha256:{'1' * 64}"}}  # fmt: skip
    (tmp_path / "report.json").write_text(json.dumps(report))
    assert published.run("attest", "--key", published.key, *words) in (2, 3, 4)
    assert said in capsys.readouterr().err
    with pytest.raises(HTTPError):
        manifest(published, f"{published.plain}.att")


def test_a_saved_report_of_the_image_is_attested(published: Published) -> None:
    assert published.run("image", "-f", "json", "-o", "report.json") == 0
    assert published.run("attest", "--key", published.key, "--report", "report.json") == 0
    assert published.run("verify", "--key", published.public) == 0


def test_attestations_add_up_unless_they_replace(published: Published) -> None:
    words = ("attest", "--key", published.key, "--type", "custom", "--predicate")
    for name in ("one", "two"):
        (published.folder / name).write_text(name)
        assert published.run(*words, name) == 0
    assert published.run("attest", "--key", published.key) == 0

    def stored() -> tuple[int, int]:
        tagged = manifest(published, f"{published.plain}.att")["layers"]
        return len(tagged), len(manifest(published, published.plain)["manifests"])

    assert stored() == (3, 3)
    assert published.run(*words, "one", "--replace") == 0
    assert stored() == (2, 2)


def test_what_others_have_put_there_stays(published: Published) -> None:
    """Entries of a list are kept with all that they say, known here or not."""
    published.attach({"x": 1}, predicate="https://example.com/x")
    [before] = manifest(published, f"{published.plain}.att")["layers"]
    index = published.layout.document(
        {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}, INDEX
    )
    published.push(index, published.plain)
    assert published.run("attest", "--key", published.key) == 0
    assert manifest(published, f"{published.plain}.att")["layers"][0] == before


def test_a_registry_that_lists_referrers_needs_no_tag(published: Published) -> None:
    """It says so by OCI-Subject in its answer (distribution specification, 1.1)."""

    def answer(asked: Asked) -> Answer:
        url = f"http://{published.host}{asked.path}"
        headers = {n: v for n, v in asked.headers.items() if n in ("accept", "content-type")}
        request = Request(url, asked.body or None, headers, method=asked.method)
        try:
            with urlopen(request) as found:
                status, body, kept = found.status, found.read(), dict(found.headers)
        except HTTPError as error:
            status, body, kept = error.code, error.read(), {}
        own = {n: v for n, v in kept.items() if n in ("Docker-Content-Digest", "Range")}
        if "Location" in kept:
            own["Location"] = kept["Location"].replace(published.host, asked.headers["host"])
        if asked.method == "PUT" and b'"subject"' in asked.body:
            own["OCI-Subject"] = published.digest
        return Answer(status, b"" if asked.method == "HEAD" else body, own)

    with serve(answer) as modern:
        published.name = published.name.replace(published.host, modern.host)
        assert published.run("attest", "--key", published.key) == 0
    with pytest.raises(HTTPError):
        manifest(published, published.plain)
    assert manifest(published, f"{published.plain}.att")["layers"]


def test_an_index_is_attested_as_a_whole_and_verified_by_platform(published: Published) -> None:
    arm = published.layout.image({"a": b"arm"}, platform="linux/arm64")
    index = published.layout.index(published.image, arm)
    published.push(index, "2")
    published.name = f"{published.host}/{published.repository}:2"
    assert published.run("attest", "--key", published.key) == 0
    assert published.run("verify", "--key", published.public, "--platform", "all") == 0
    layers = manifest(published, f"{index['digest'].replace(':', '-')}.att")["layers"]
    [told] = [statement(blob(published, layer["digest"])) for layer in layers]
    assert len(told["predicate"]["scanner"]["result"]["Pratique"]["Reports"]) == 2
    # one platform alone has its own digest
    assert published.run("attest", "--key", published.key, "--platform", "linux/arm64") == 0
    assert manifest(published, f"{arm['digest'].replace(':', '-')}.att")["layers"]


@pytest.fixture
def cosign() -> Callable[..., int]:
    """Run cosign without any network, of version 2 (tags) or 3 (bundles)."""
    if not shutil.which("cosign"):
        pytest.skip("cosign is not installed")
    shown = subprocess.run(["cosign", "version"], check=True, capture_output=True, text=True)
    is_three = "v3." in shown.stdout
    roots = Path(sigstore.__file__).parent.glob("_store/*/trusted_root.json")
    more = {
        "verify-attestation": ["--insecure-ignore-tlog"]
        + (["--trusted-root", str(next(roots))] if is_three else []),
        "attest": ["--yes", "--tlog-upload=false"]
        + (["--use-signing-config=false"] if is_three else []),
    }

    def run(command: str, *words: str) -> int:
        line = ["cosign", command, *more[command], *words]
        return subprocess.run(line, check=False, capture_output=True).returncode

    return run


@pytest.mark.parametrize("kind", ["cosign", "ed25519"])
def test_cosign_verifies_what_is_attested(
    published: Published, tmp_path: Path, cosign: Callable[..., int], kind: str
) -> None:
    private, public = pair(tmp_path, "theirs", kind)
    _, other = pair(tmp_path, "other", kind)
    for type_ in ("vuln", "cyclonedx", "spdxjson", "openvex"):
        assert published.run("attest", "--key", private, "--type", type_) == 0
        verify = ("verify-attestation", "--type", type_, published.name, "--key")
        assert cosign(*verify, public) == 0
        assert cosign(*verify, other) != 0


def test_what_cosign_attests_is_verified(
    published: Published, tmp_path: Path, cosign: Callable[..., int]
) -> None:
    private, public = pair(tmp_path, "theirs")
    assert published.run("image", "-f", "cosign-vuln", "-o", "vuln.json") == 0
    words = ("--type", "vuln", "--key", private, "--predicate", "vuln.json", published.name)
    assert cosign("attest", *words) == 0
    assert published.run("verify", "--key", public) == 0
    assert published.run("verify", "--key", published.public) == 4


def test_what_cosign_3_lists_by_a_tag_is_found(published: Published) -> None:
    """There its bundles have the type of their empty configuration, and nothing else is told."""
    assert published.run("attest", "--key", published.key) == 0
    [entry] = manifest(published, published.plain)["manifests"]
    told = entry | {"artifactType": "application/vnd.oci.empty.v1+json", "annotations": {}}
    document = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [told]}
    listed = published.layout.document(document, INDEX)
    data = published.layout.read(listed["digest"])
    put(published, published.plain, data, INDEX)
    published.attach({"x": 1}, predicate="https://example.com/x")  # in place of cosign's tag
    assert published.run("verify", "--key", published.public) == 0


def test_the_predicate_is_a_report_again(tmp_path: Path) -> None:
    from commands import run  # noqa: PLC0415

    path = tmp_path / "vuln.json"
    run("image", "--input", SHOP, "--offline", "-q", "-f", "cosign-vuln", "-o", str(path),
        "--cache-dir", str(tmp_path / "cache"))  # fmt: skip
    document = json.loads(path.read_text())
    assert set(document) == {"invocation", "scanner", "metadata"}
    assert document["scanner"]["db"]["version"]
    assert "420 findings" in run("convert", str(path)).stdout
