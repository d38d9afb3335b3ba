"""What is attested is believed only where key, subject, age and policy are right."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from attested import DSSE, VULN, Published, signed
from cosign import pair

pytest_plugins = ["attested_fixtures"]
pytestmark = pytest.mark.registry
Said = pytest.CaptureFixture[str]


def report(image: Published, created: str = "2026-01-01T00:00:00Z") -> dict[str, Any]:
    """Give the predicate of a scan of an image that found nothing."""
    config = json.loads(image.layout.read(image.digest))["config"]["digest"]
    result = {"SchemaVersion": 2, "CreatedAt": created, "ArtifactName": image.name,
              "ArtifactType": "container_image", "Metadata": {"ImageID": config}}  # fmt: skip
    return {"scanner": {"uri": "x", "result": result}}


def test_from_scan_to_deploy(published: Published, capsys: Said) -> None:
    """The whole way, by the command line."""
    verify = ("verify", "--key", published.public)
    assert published.run(*verify) == 3
    assert "not verified: no vuln attestation is attached" in capsys.readouterr().err
    assert published.run("attest", "--key", published.key) == 0
    capsys.readouterr()
    assert published.run(*verify) == 0
    assert ": verified: vuln of 20" in capsys.readouterr().out
    assert published.run(*verify, "--max-age", "24h") == 0
    assert published.run(*verify, "--gates", "default") == 1
    said = capsys.readouterr().err
    assert "FAILED: " in said
    assert "CVE-2024-5535 in openssl" in said
    assert published.run(*verify, "--fail-on", "CRITICAL", "--exit-code", "9") == 9
    # who deploys may have exceptions of their own, with reasons
    (published.folder / "deploy.yaml").write_text(
        "ignore: [{package: openssl, reason: behind a proxy, owner: ops}]\n"
    )
    config = ("-c", "deploy.yaml")
    assert published.run(*verify, "--fail-on", "CRITICAL", *config) == 0


def test_the_attested_report_is_written_where_it_is_asked_for(
    published: Published, capsys: Said
) -> None:
    assert published.run("attest", "--key", published.key) == 0
    capsys.readouterr()
    assert published.run("verify", "--key", published.public, "-f", "json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["SchemaVersion"] == 2
    assert ": verified: vuln" in said.err
    assert published.run("verify", "--key", published.public, "-o", "sarif=a.sarif") == 0
    assert json.loads((published.folder / "a.sarif").read_text())["version"] == "2.1.0"


@pytest.mark.parametrize("kind", ["cosign", "ed25519", "plain", "sec1"])
def test_every_kind_of_key(published: Published, tmp_path: Path, kind: str) -> None:
    private, public = pair(tmp_path, "k", kind)
    assert published.run("attest", "--key", private, "--type", "cyclonedx") == 0
    assert published.run("verify", "--key", public, "--type", "cyclonedx") == 0
    assert published.run("verify", "--key", published.public, "--type", "cyclonedx") == 4


def test_a_key_is_needed_and_must_be_one(published: Published, capsys: Said) -> None:
    assert published.run("verify") == 2
    assert "verify needs --key FILE" in capsys.readouterr().err
    (published.folder / "odd.pub").write_text("no key")
    assert published.run("verify", "--key", "odd.pub") == 2
    assert published.run("verify", "--key", published.public, "--type", "cyclonedx",
                         "--gates", "default") == 2  # fmt: skip
    assert published.run("verify", "--key", published.public, "--gates", "absent.yaml") == 2


def tampered(image: Published) -> dict[str, tuple[Any, str]]:
    """Give documents that must not be believed, each with what is said of it."""
    good = image.envelope(report(image))
    payload = json.loads(base64.b64decode(good["payload"]))
    changed = payload | {"predicate": {"scanner": {}}}
    other = "sha256:" + "0" * 64
    return {
        "changed": (good | {"payload": base64.b64encode(json.dumps(changed).encode()).decode()},
                    "of another key, or was changed"),
        "other type": (good | {"payloadType": "text/plain"}, "of another key, or was changed"),
        "no statement": (signed(b"hello", image.key, "text/plain"), "signs no in-toto statement"),
        "other subject": (image.envelope(report(image), other), "is about another image"),
        "other algorithm": (image.envelope(report(image), "md5:" + "0" * 32), "another image"),
        "long algorithm": (image.envelope(report(image), "sha999:" + "0" * 9000), "another image"),
        "no subject": (image.envelope(report(image), subject=[]), "is about another image"),
        "unsigned": (good | {"signatures": []}, "is not signed"),
        "no base64": (good | {"signatures": [{"sig": "%%"}]}, "is not signed"),
        "empty signature": (good | {"signatures": [{"sig": ""}]}, "of another key"),
        "no json": (b"\x00\xff" * 99, "is not signed"),
        "deep": (b"[" * 99_999, "is not signed"),
        "no predicate": (image.envelope(None), "no JSON object"),
        "no report": (image.envelope({"scanner": {"result": {}}}), "holds no report"),
        "strange report": (
            image.envelope({"scanner": {"result": {"SchemaVersion": 2, "Results": "x"}}}),
            "holds no report that can be read",
        ),
        "of another image": (
            image.envelope({"scanner": {"result": {"SchemaVersion": 2, "ArtifactType": "x"}}}),
            "reports on another image",
        ),
    }  # fmt: skip


def test_what_must_not_be_believed(published: Published, capsys: Said) -> None:
    for name, (document, said) in tampered(published).items():
        published.attach(document)
        assert published.run("verify", "--key", published.public) == 4, name
        error = capsys.readouterr().err
        assert said in error, (name, error)
        assert "Traceback" not in error
        assert len(error) < 2000


def test_a_bad_attestation_does_not_hide_a_good_one(published: Published) -> None:
    bad = [document for document, _ in tampered(published).values()]
    published.attach(*bad, published.envelope(report(published)), *bad)
    assert published.run("verify", "--key", published.public) == 0


def test_the_newest_counts_and_may_be_stale(published: Published, capsys: Said) -> None:
    old = published.envelope(report(published, "2026-01-01T00:00:00Z"))
    # the same as 23:30 of the day before, though the text is greater
    older = published.envelope(report(published, "2026-01-01T01:30:00+02:00"))
    published.attach(old, older)
    words = ("verify", "--key", published.public)
    assert published.run(*words) == 0
    assert "vuln of 2026-01-01T00:00:00Z" in capsys.readouterr().out
    assert published.run(*words, "--max-age", "24h") == 5
    assert "is stale: of 2026-01-01T00:00:00Z" in capsys.readouterr().err
    assert published.run(*words, "--max-age", "99999d") == 0
    assert published.run(*words, "--max-age", "soon") == 2
    published.attach(published.envelope(report(published, "long ago")))
    assert published.run(*words, "--max-age", "24h") == 5
    assert "does not say when" in capsys.readouterr().err


def test_of_many_the_last_ones_are_read(published: Published) -> None:
    """Cosign puts a new one at the end."""
    noise = [{"n": n} for n in range(70)]
    published.attach(*noise, published.envelope(report(published)))
    assert published.run("verify", "--key", published.public) == 0


def test_a_huge_attachment_is_not_fetched(published: Published, capsys: Said) -> None:
    layout = published.layout
    blob = layout.blob(b"x", DSSE) | {"size": 1 << 40, "annotations": {"predicateType": VULN}}
    empty = layout.blob(b"{}", "application/vnd.oci.empty.v1+json")
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": empty, "layers": [blob]}
    published.push(layout.document(manifest, kind), f"{published.plain}.att")
    assert published.run("verify", "--key", published.public) == 4
    assert "more than the limit of 128 MiB" in capsys.readouterr().err


def test_something_else_under_cosigns_tag(published: Published, capsys: Said) -> None:
    index = published.layout.index(published.image)
    published.push(index, f"{published.plain}.att")
    assert published.run("verify", "--key", published.public) == 3
    assert published.run("attest", "--key", published.key) == 4
    assert "something else is under that tag" in capsys.readouterr().err


def test_other_types_are_not_taken_for_a_scan(published: Published) -> None:
    told = published.envelope(report(published), predicateType="https://example.com/scan")
    published.attach(told, predicate="")  # the manifest does not say what it is
    assert published.run("verify", "--key", published.public) == 3
    assert published.run("verify", "--key", published.public, "--type",
                         "https://example.com/scan") == 0  # fmt: skip


def test_what_the_report_judged_away_is_told(published: Published, capsys: Said) -> None:
    (published.folder / ".trivyignore").write_text("CVE-2024-5535\n")
    assert published.run("attest", "--key", published.key) == 0
    (published.folder / ".trivyignore").unlink()
    capsys.readouterr()
    words = ("verify", "--key", published.public)
    assert published.run(*words) == 0
    assert ", 1 judged away" in capsys.readouterr().out
    # an exception without a reason does not pass where one is asked for
    assert published.run(*words, "--require-justification") == 1
    assert "1 exception lacks what the policy requires: .trivyignore:1" in capsys.readouterr().err


def test_a_baseline_is_what_was_attested(published: Published, capsys: Said) -> None:
    scan = ("image", "--baseline", "attestation", "-f", "json")
    assert published.run(*scan) == 3
    assert "no attested report: none is attached" in capsys.readouterr().err
    assert published.run("attest", "--key", published.key) == 0
    capsys.readouterr()
    assert published.run(*scan, "--attestation-key", published.public) == 0
    [own] = json.loads(capsys.readouterr().out)["Pratique"]["Reports"]
    assert set(own["Baseline"]["States"]) == {"unchanged"}
    assert not any("unverified" in one["What"] for one in own.get("Problems", ()))
    assert published.run(*scan) == 0
    [own] = json.loads(capsys.readouterr().out)["Pratique"]["Reports"]
    assert any("taken unverified" in one["What"] for one in own["Problems"])
    _, other = pair(published.folder, "other")
    assert published.run(*scan, "--attestation-key", other) == 3
    assert "has the signature of another key" in capsys.readouterr().err


def test_keyless_without_an_identity_says_so(
    published: Published, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sigstore")
    for name in ("SIGSTORE_ID_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "GITHUB_ACTIONS",
                 "CIRCLECI", "GITLAB_CI", "BUILDKITE"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sigstore.oidc.id.detect_credential", lambda _: None)
    assert published.run("attest") == 2
    assert "no identity to sign by" in capsys.readouterr().err
    assert published.run("attest", "--identity-token", "nonsense") == 2
    assert "the identity is no use" in capsys.readouterr().err


def test_keyless_refuses_what_a_key_signed(published: Published, capsys: Said) -> None:
    pytest.importorskip("sigstore")
    assert published.run("attest", "--key", published.key) == 0
    words = ("--certificate-identity", "a@example.com", "--certificate-oidc-issuer", "https://x")
    assert published.run("verify", *words, "--offline") == 4
    assert "is no bundle of a keyless signature" in capsys.readouterr().err
