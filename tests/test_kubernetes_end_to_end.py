"""Manifests, charts and kustomizations through the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pratique.cli import main

Scan = Callable[..., dict[str, Any]]

HELM = shutil.which("helm")
KUSTOMIZE = shutil.which("kustomize") or shutil.which("kubectl")
needs_helm = pytest.mark.skipif(HELM is None, reason="helm is not installed")
needs_kustomize = pytest.mark.skipif(KUSTOMIZE is None, reason="no kustomize and no kubectl")

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.29.1
      securityContext:
        privileged: true
"""
TEMPLATE = """\
{{- if .Values.enabled }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-web
spec:
  containers:
    # the one
    - name: web
      image: "{{ .Values.image }}"
      securityContext:
        {{- toYaml .Values.security | nindent 8 }}
      {{- with .Values.ports }}
      ports: {{ toYaml . | nindent 8 }}
      {{- end }}
  hostNetwork: true
{{- end }}
"""


@pytest.fixture
def scan(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Scan:
    def run(path: Path, *words: str) -> dict[str, Any]:
        status = main(["config", str(path), "-f", "json", *words])
        assert status == 0, capsys.readouterr().err
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        return report

    return run


def found(report: dict[str, Any]) -> dict[tuple[str, str], tuple[str, int]]:
    """Return from file and our id to the resource and the line."""
    return {
        (result["Target"], one["Pratique"]["ID"]): (
            one["CauseMetadata"].get("Resource", ""),
            one["CauseMetadata"].get("StartLine", 0),
        )
        for result in report.get("Results", ())
        for one in result.get("Misconfigurations", ())
    }


def problems(report: dict[str, Any]) -> str:
    return json.dumps([one.get("Problems") for one in report["Pratique"]["Reports"]])


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return folder


def chart(folder: Path, **more: str) -> Path:
    values = "enabled: true\nimage: nginx:1.29.1\nsecurity:\n  privileged: true\nports: []\n"
    files = {
        "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
        "web/values.yaml": values,
        "web/templates/pod.yaml": TEMPLATE,
        "web/templates/plain.yaml": POD.replace("name: web\nspec", "name: plain\nspec"),
    }
    return write(folder, files | more)


def test_manifests_of_all_kinds_in_one_file(tmp_path: Path, scan: Scan) -> None:
    listed = "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        f"  {'- ' if n == 0 else '  '}{line}\n" for n, line in enumerate(POD.splitlines())
    )
    write(tmp_path, {"a/x.yml": f"# nothing\n---\n{POD}---\nkind: x\n---\n{listed}", "y.txt": POD})
    report = scan(tmp_path)
    lines = [
        one["CauseMetadata"]["StartLine"]
        for one in report["Results"][0]["Misconfigurations"]
        if one["Pratique"]["ID"] == "K8S-0017"
    ]
    assert lines == [12, 28]
    assert [result["Target"] for result in report["Results"]] == ["a/x.yml"]
    first = report["Results"][0]["Misconfigurations"][0]
    assert first["ID"] == first["Pratique"]["Aliases"][0]
    assert first["CauseMetadata"]["Resource"] == "Pod/web"


def test_json_is_read_and_a_broken_document_is_named(tmp_path: Path, scan: Scan) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "n"}, "spec": {"hostPID": True, "containers": []}}  # fmt: skip
    broken = f"{POD}---\napiVersion: v1\nkind: [\n---\n{POD}"
    write(tmp_path, {"a.json": json.dumps(pod, indent=1), "b.yaml": broken, "c.json": "{}"})
    report = scan(tmp_path)
    assert found(report)["a.json", "K8S-0010"] == ("n/Pod/a", 9)
    assert len([1 for key in found(report) if key == ("b.yaml", "K8S-0017")]) == 1
    assert "line 14" in problems(report)
    assert "b.yaml" in problems(report)


@needs_helm
def test_a_chart_is_judged_at_the_lines_of_its_templates(tmp_path: Path, scan: Scan) -> None:
    report = scan(chart(tmp_path))
    by_check = {key[1]: value for key, value in found(report).items() if "pod.yaml" in key[0]}
    assert by_check["K8S-0017"] == ("Pod/web-web", 11)
    assert by_check["K8S-0009"] == ("Pod/web-web", 16)
    assert by_check["K8S-0204"] == ("Pod/web-web", 10)
    assert found(report)["web/templates/plain.yaml", "K8S-0017"] == ("Pod/plain", 10)
    assert {result["Type"] for result in report["Results"]} == {"helm"}
    fixes = [m["Pratique"].get("Fix") for r in report["Results"] for m in r["Misconfigurations"]]
    assert fixes
    assert not any(fixes)


@needs_helm
def test_values_change_what_a_chart_is(tmp_path: Path, scan: Scan) -> None:
    chart(tmp_path, **{"more.yaml": "security: {privileged: false}\n"})
    report = scan(
        tmp_path, "--helm-values", str(tmp_path / "more.yaml"), "--helm-set", "image=nginx",
        "--helm-set-string", "enabled=yes", "--helm-kube-version", "1.30.0",
    )  # fmt: skip
    checks = {check for path, check in found(report) if path.endswith("pod.yaml")}
    assert "K8S-0017" not in checks
    assert "K8S-0013" in checks
    report = scan(tmp_path, "--helm-set", "enabled=")
    assert not any(path.endswith("pod.yaml") for path, _ in found(report))


@needs_helm
def test_a_packed_chart_is_judged(tmp_path: Path, scan: Scan) -> None:
    chart(tmp_path)
    packed = tmp_path / "packed"
    subprocess.run(
        ["helm", "package", str(tmp_path / "web"), "-d", str(packed)],
        check=True,
        capture_output=True,
    )
    write(packed, {"other.tgz": "no archive"})
    report = scan(packed)
    assert found(report)["web-0.1.0.tgz:templates/pod.yaml", "K8S-0009"] == ("Pod/web-web", 16)
    assert "other" not in problems(report)


@needs_helm
def test_what_helm_says_is_a_problem(tmp_path: Path, scan: Scan) -> None:
    chart(tmp_path, **{"web/templates/bad.yaml": '{{ fail "no such luck" }}\n'})
    report = scan(tmp_path)
    assert "no such luck" in problems(report)
    assert not found(report)


@needs_helm
def test_missing_dependencies_do_not_hide_the_chart(tmp_path: Path, scan: Scan) -> None:
    depends = "dependencies: [{name: db, version: 1.0.0, repository: https://charts.example.com}]"
    chart(tmp_path, **{"web/Chart.yaml": f"apiVersion: v2\nname: web\nversion: 0.1.0\n{depends}\n"})
    report = scan(tmp_path)
    assert found(report)["web/templates/pod.yaml", "K8S-0009"] == ("Pod/web-web", 16)
    assert "depends on" in problems(report)
    assert "db" in problems(report)


def test_without_helm_a_chart_is_a_problem_and_no_manifest(
    tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart(tmp_path, **{"web/charts/sub/Chart.yaml": "name: sub\n", "web/charts/sub/x.yaml": POD})
    monkeypatch.setenv("PATH", str(tmp_path))
    report = scan(tmp_path)
    assert problems(report).count("helm is not installed") == 1
    assert not found(report)


def kustomization(folder: Path) -> Path:
    return write(folder, {
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "base/pod.yaml": POD,
        "prod/kustomization.yaml": "namespace: prod\nresources: [../base]\npatches:\n- path: p.yaml\n",
        "prod/p.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {hostPID: true}\n",
        "test/kustomization.yaml": "namespace: test\nresources: [../base]\n",
    })  # fmt: skip


@needs_kustomize
def test_kustomizations_are_built_and_lead_back_to_their_files(tmp_path: Path, scan: Scan) -> None:
    report = scan(kustomization(tmp_path))
    pods = found(report)
    assert pods["base/pod.yaml", "K8S-0017"] == ("prod/Pod/web of prod", 10)
    assert pods["base/pod.yaml", "K8S-0010"][0] == "prod/Pod/web of prod"
    assert {path for path, _ in pods} == {"base/pod.yaml"}
    (result,) = report["Results"]
    assert result["Type"] == "kustomize"
    ids = [one["Pratique"]["ID"] for one in result["Misconfigurations"]]
    assert ids.count("K8S-0017") == 1


@needs_kustomize
def test_a_kustomization_that_needs_a_network_is_judged_as_it_is(
    tmp_path: Path, scan: Scan
) -> None:
    far = "resources: [pod.yaml, 'https://example.com/x.yaml']\n"
    report = scan(write(tmp_path, {"kustomization.yaml": far, "pod.yaml": POD}))
    assert found(report)["pod.yaml", "K8S-0017"] == ("Pod/web", 10)
    assert "https://example.com/x.yaml from the network" in problems(report)
    report = scan(write(tmp_path, {"kustomization.yaml": "resources: [pod.yaml, none.yaml]\n"}))
    assert found(report)["pod.yaml", "K8S-0017"] == ("Pod/web", 10)
    assert "none.yaml" in problems(report)


def test_without_kustomize_the_files_are_judged_as_they_are(
    tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    report = scan(kustomization(tmp_path))
    assert found(report)["base/pod.yaml", "K8S-0017"] == ("Pod/web", 10)
    assert {path for path, _ in found(report)} == {"base/pod.yaml"}  # a patch is no manifest
    assert problems(report).count("neither kustomize nor kubectl is installed") == 2
