"""What cdxgen says of a project is what the project's own files say."""

from __future__ import annotations

from pathlib import Path

from pratique.model.inventory import Package
from sboms import scanned

SBOMS = Path(__file__).parent / "sboms"


def read(name: str) -> dict[str, Package]:
    [found] = scanned((SBOMS / name).read_bytes())
    assert found.inventory.problems == ()
    return {f"{one.name}@{one.version}": one for one in found.inventory.packages}


def test_of_npm() -> None:
    packages = read("cdxgen-npm.json")
    asked = {"chalk@4.1.0", "debug@4.3.4", "lodash@4.18.1", "ms@2.0.0"}
    indirect = {
        "ansi-styles@4.3.0", "color-convert@2.0.1", "color-name@1.1.4", "has-flag@4.0.0", "ms@2.1.2",
        "supports-color@7.2.0",
    }  # fmt: skip
    assert packages.keys() == {"shop@0.3.0"} | asked | indirect
    assert {id for id, one in packages.items() if one.relation == "direct"} == asked
    assert {id for id, one in packages.items() if one.relation == "indirect"} == indirect
    assert {id for id, one in packages.items() if one.dev} == {"debug@4.3.4", "ms@2.1.2"}
    assert packages["debug@4.3.4"].depends == ("ms@2.1.2",)
    assert packages["chalk@4.1.0"].path == "web/package-lock.json"
    assert packages["chalk@4.1.0"].hashes[0].startswith("sha512:ab0c75d80c577b64")


def test_of_maven() -> None:
    packages = read("cdxgen-maven.json")
    assert {id: (one.type, one.path) for id, one in packages.items()} == dict.fromkeys(
        ["g:app@1", "commons-cli:commons-cli@1.5.0", "commons-codec:commons-codec@1.15",
         "commons-lang:commons-lang@2.6"], ("maven", "app/pom.xml"),
    )  # fmt: skip
    assert {len(one.hashes) for id, one in packages.items() if id != "g:app@1"} == {4}
