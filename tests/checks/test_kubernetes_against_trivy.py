"""Trivy's answers on the same files, for the checks that it has as well; differences have reasons."""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from pratique.misconfig import examine
from pratique.model.check import Check
from pratique.model.configuration import Document
from pratique.model.inventory import Inventory
from pratique.plugins import load

EXAMPLES = Path(__file__).parent / "kubernetes"
TRIVY = os.environ.get("PRATIQUE_TRIVY", "")

OURS_ALONE = {
    "KCV-0003": "it wants the plugin to be absent, as CIS had it once",
    "KCV-0007": "without the flag everything is allowed as well",
    "KCV-0020": "it takes any number for one that is enough",
    "KCV-0021": "it takes any number for one that is enough",
    "KCV-0022": "it takes any number for one that is enough",
    "KCV-0093": "it looks at objects of a cluster alone",
    "KSV-0002": "it reads the annotation, but not the field that replaced it in 1.30",
    "KSV-0004": "one check of ours: all must be dropped, some are not enough",
    "KSV-0005": "it does not know the capability's name with CAP_ before it",
    "KSV-0012": "a container's runAsNonRoot: false weighs less for it than the pod's true",
    "KSV-0036": "it looks for a mount of the token's own path, which nobody writes",
    "KSV-0038": "it takes any podSelector for a selection, also for the policy's own pods",
    "KSV-0041": "the same rule in a Role is KSV-0113 for it, and an alias for us",
    "KSV-0043": "it looks for apiGroups: ['*'], though impersonation is in the group ''",
    "KSV-0045": "everything on everything has the ids of both parts with us",
    "KSV-0046": "everything on everything has the ids of both parts with us",
    "KSV-0050": "it looks for apiGroups: ['*'], though roles are in one group",
    "KSV-0051": "it did not fire on any role that we tried",
    "KSV-0052": "it did not fire on any role that we tried",
    "KSV-0054": "it looks for two rules with apiGroups: ['*'] in one role",
    "KSV-0055": "it looks for apiGroups: ['*'] with get and patch",
    "KSV-0107": "it needs data of outdated versions that `config` does not load",
    "KSV-0116": "it does not look at a container's own runAsGroup",
    "KSV-0119": "it does not know the capability's name with CAP_ before it",
    "KSV-0120": "it does not know the capability's name with CAP_ before it",
    "KSV-0121": "it has fewer of the node's sensitive paths",
    "KSV-0122": "it misses ClusterRoleBindings",
    "KSV-0123": "it misses ClusterRoleBindings",
    "KSV-01010": "one check of ours for both kinds of ConfigMap that hold secrets",
    "KSV-01011": "it did not fire on any binding that we tried",
}
TRIVYS_ALONE = {
    "KCV-0001": "a file can limit it to health checks (--authentication-config)",
    "KCV-0003": "it wants the plugin to be absent, as CIS had it once",
    "KCV-0008": "a file can say it as well (--authorization-config)",
    "KCV-0009": "a file can say it as well (--authorization-config)",
    "KCV-0019": "the log can go to a webhook",
    "KCV-0020": "what goes to standard output is kept elsewhere",
    "KCV-0021": "what goes to standard output is kept elsewhere",
    "KCV-0022": "what goes to standard output is kept elsewhere",
    "KCV-0038": "the feature gate is on by default since 1.12",
    "KSV-0001": "no privilege to escalate on Windows; merge keys (<<) are followed by us",
    "KSV-0002": "a profile of the node's (localhost/) is allowed by the baseline",
    "KSV-0003": "no capabilities on Windows; merge keys are followed by us",
    "KSV-0004": "no capabilities on Windows; merge keys are followed by us",
    "KSV-0011": "merge keys are followed by us",
    "KSV-0014": "merge keys are followed by us",
    "KSV-0015": "a limit is a request where none is given; merge keys are followed by us",
    "KSV-0016": "a limit is a request where none is given; merge keys are followed by us",
    "KSV-0018": "merge keys are followed by us",
    "KSV-0020": "that no user is given, or 0, are findings of their own",
    "KSV-0021": "that no group is given, or 0, are findings of their own",
    "KSV-0022": "the baseline allows to add some",
    "KSV-0024": "hostPort: 0 is none",
    "KSV-0027": "procMount: Default is the default",
    "KSV-0028": "a gitRepo is a finding of its own",
    "KSV-0030": "seccomp switched off is a finding of its own, and Windows has none",
    "KSV-0037": "parts of the cluster, by their priority, belong there",
    "KSV-0039": "asked of every manifest there; of a declared namespace with workloads by us",
    "KSV-0040": "asked of every manifest there; of a declared namespace with workloads by us",
    "KSV-0049": "in one namespace, or of named ConfigMaps, that is what applications do",
    "KSV-0104": "Windows has no seccomp",
    "KSV-0105": "a container's own runAsUser beats the pod's",
    "KSV-0106": "capabilities beyond the baseline are findings of their own; none on Windows",
    "KSV-0109": "a file's name and a number of seconds are no secrets",
    "KSV-0110": "who applies a manifest names its namespace; only the word default is a finding",
    "KSV-0113": "named secrets are what the resolution asks for",
    "KSV-0117": "port 22 is a finding of its own",
    "KSV-0118": "the container has a security context",
    "KSV-0125": "it takes a list of registries that nobody here has agreed to",
    "KSV-01010": "a number of seconds is no secret",
}


@pytest.fixture(scope="module")
def trivys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    if not TRIVY:
        pytest.skip("no Trivy here: set PRATIQUE_TRIVY to its path")
    cache = tmp_path_factory.mktemp("trivy")
    done = subprocess.run(
        [TRIVY, "--cache-dir", cache, "config", "-q", "-f", "json", "--skip-check-update", EXAMPLES],
        check=True, capture_output=True,
    )  # fmt: skip
    found: dict[str, set[str]] = defaultdict(set)
    for result in json.loads(done.stdout)["Results"]:
        found[result["Target"]] |= {one["ID"] for one in result.get("Misconfigurations", ())}
    return found


def ours(path: Path) -> set[str]:
    inventory = Inventory(documents=(Document("x.yaml", "kubernetes", path.read_text()),))
    examined, _ = examine(inventory)
    return {
        alias
        for one in examined
        for failure in one.failures
        for alias in failure.aliases
        if alias.startswith(("KSV-", "KCV-"))
    }


def test_we_agree_with_trivy_but_for_what_has_a_reason(trivys: dict[str, set[str]]) -> None:
    agreed: set[str] = set()
    only_ours: set[str] = set()
    only_trivys: set[str] = set()
    for path in EXAMPLES.glob("*/*.yaml"):
        mine, other = ours(path), trivys[str(path.relative_to(EXAMPLES))]
        agreed |= mine & other
        only_ours |= mine - other
        only_trivys |= other - mine
    assert only_ours == OURS_ALONE.keys()
    assert only_trivys == TRIVYS_ALONE.keys()
    known = {a for c in load("pratique.checks.kubernetes", Check) for a in c.aliases}
    assert len(agreed) >= 100
    assert agreed <= known
