"""Every check of Kubernetes objects has files that it fails and files that it passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pratique.codecs.kubernetes.objects import objects_in
from pratique.codecs.located import documents
from pratique.misconfig import examine
from pratique.model.check import Check, Edit, Failure
from pratique.model.configuration import Document
from pratique.model.inventory import Inventory
from pratique.plugins import load

EXAMPLES = Path(__file__).parent / "kubernetes"
CHECKS = {check.name: check for check in load("pratique.checks.kubernetes", Check)}


def examples(kind: str) -> list[Path]:
    return sorted(EXAMPLES.glob(f"*/{kind}*.yaml"))


def judged(check: Check, text: str) -> list[Failure]:
    """Return what a check says of a manifest, with what the manifest declares beside it."""
    inventory = Inventory(documents=(Document("x.yaml", "kubernetes", text),))
    examined, problems = examine(inventory)
    assert not problems
    found = [f for one in examined for f in one.failures if f.check == check.name]
    return [Failure(f.message, f.start, f.end, f.severity, f.fix) for f in found]


@pytest.mark.parametrize("path", examples("fails"), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_check_fails_its_example(path: Path) -> None:
    text = path.read_text()
    found = judged(CHECKS[path.parent.name], text)
    assert found
    for failure in found:
        assert 1 <= failure.start <= failure.end <= len(text.splitlines())
        assert failure.severity in ("LOW", "MEDIUM", "HIGH", "CRITICAL")
        assert failure.message[-1] not in ". "


@pytest.mark.parametrize("path", examples("passes"), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_check_passes_its_example(path: Path) -> None:
    assert judged(CHECKS[path.parent.name], path.read_text()) == []


def test_every_check_has_both_examples_and_all_its_words() -> None:
    assert len(CHECKS) >= 75
    for kind in ("fails", "passes"):
        assert {path.parent.name for path in examples(kind)} - {"good"} == CHECKS.keys()
    for check in CHECKS.values():
        assert check.title[-1] != "."
        assert check.why.endswith(".")
        assert check.resolution.endswith((".", ")", "…"))
        assert check.severity in ("LOW", "MEDIUM", "HIGH", "CRITICAL")
        assert all(url.startswith("https://") for url in check.references)
        assert check.references


@pytest.mark.parametrize("path", examples("fails"), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_fix_mends_what_it_is_for(path: Path) -> None:
    """Each edit by itself takes its finding away and brings no other."""
    text = path.read_text()
    check = CHECKS[path.parent.name]
    before = judged(check, text)
    for failure in before:
        if failure.fix:
            after = judged(check, edited(text, failure.fix))
            assert len(after) < len(before)


def edited(text: str, fix: Edit) -> str:
    lines = text.splitlines()
    lines[fix.start - 1 : fix.end] = fix.text.split("\n") if fix.text else []
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", sorted((EXAMPLES / "good").glob("*.yaml")), ids=lambda p: p.stem)
def test_a_pod_that_follows_good_practice_has_no_finding(path: Path) -> None:
    inventory = Inventory(documents=(Document("x.yaml", "kubernetes", path.read_text()),))
    examined, problems = examine(inventory)
    assert not problems
    assert [(f.check, f.message) for one in examined for f in one.failures] == []
    assert list(objects_in(documents(path.read_text(), "x")))


@pytest.mark.parametrize(
    ("level", "controls"),
    [
        (
            "baseline",
            (
                "hostprocess host-namespaces privileged-containers capabilities hostpath-volumes"
                " host-ports host-probes-lifecycle-hooks apparmor selinux proc-mount-type seccomp sysctls"
            ),
        ),
        (
            "restricted",
            (
                "volume-types privilege-escalation running-as-non-root running-as-non-root-user"
                " seccomp capabilities"
            ),
        ),
    ],
)
def test_the_pod_security_standards_are_there_in_full(level: str, controls: str) -> None:
    """Controls as of Kubernetes 1.34."""
    prefix = f"PSS-{level}-"
    names = (alias for check in CHECKS.values() for alias in check.aliases)
    assert {n.removeprefix(prefix) for n in names if n.startswith(prefix)} == set(controls.split())
