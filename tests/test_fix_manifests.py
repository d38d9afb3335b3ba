"""`fix fs --images`: tags in manifests, with the proof of a scan of both images."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images import advisory, feed_mirror
from loopback import serve
from oci_layout import Layout
from pratique.cli import main
from pratique.codecs.image_lines import named, replaced
from test_fix_base import Family

COMPOSE = """\
services:
  web:   # the shop
    image: "{host}/base:1.2.3"  # pinned by hand
    environment: {{image: none}}
  other: {{image: {host}/base:1.2.3}}
  built:
    build: .
"""
KUBERNETES = """\
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
      - name: web
        image: {host}/base:1.2.3
      - image: {host}/base:2.0.1
        name: newest
"""
KUSTOMIZATION = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
images:
- name: {host}/base
  newTag: "1.2.3"   # for now
- name: other
  newName: {host}/base
  newTag: 1.2.10
"""

VALUES = """\
# of the chart
image: &image
  repository: {host}/base
  tag: 1.2.3
web:
  sidecarImage:   # beside
    # where
    registry: {host}
    pullPolicy: Always
    repository: base

    tag: '1.2.3'  # newest is 1.2.10
  image:
    repository: {host}/base
    digest: sha256:0
    tag: 1.2.3
  other:
    repository: {host}/base
    tag: 1.2.3
plain:
  image:
    repository: {host}/base
    tag: 1.2.3
"""
DOCKERFILE = """\
# syntax=docker/dockerfile:1
ARG TAG=1.2.3
FROM --platform=linux/amd64 {host}/base:$TAG AS one
FROM scratch
COPY --from=one /etc /etc
"""


def test_tags_go_to_the_newest_of_their_series(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    family = Family(Layout(tmp_path / "layout"))
    mirror = feed_mirror(
        tmp_path / "mirror", {"Debian": [advisory("CVE-2024-1", "Debian:12", "bash", "5.2-2")]}
    )
    root = tmp_path / "project"
    for name in ("k8s", "chart", "app"):
        (root / name).mkdir(parents=True)
    with serve(family.answer) as stub:
        texts = {"compose.yaml": COMPOSE, "k8s/web.yml": KUBERNETES,
                 "k8s/kustomization.yaml": KUSTOMIZATION, "chart/values.yaml": VALUES,
                 "app/Dockerfile": DOCKERFILE, "app/broken.Dockerfile": "NONSENSE"}  # fmt: skip
        for name, text in texts.items():
            (root / name).write_text(text.format(host=stub.host))
        words = ["fix", "fs", str(root), "--images", "--insecure", "--json", "-q",
                 "--feed-mirror", str(mirror), "--cache-dir", str(tmp_path / "cache")]  # fmt: skip
        assert main([*words, "--write"]) == 0
        plan = json.loads(capsys.readouterr().out)
        assert main(words) == 0
        again = json.loads(capsys.readouterr().out)
        expected = {name: text.format(host=stub.host) for name, text in texts.items()}
    [step] = plan["Changes"]
    assert (step["From"], step["To"], step["Removes"]) == (["1.2.3"], "1.2.10", ["CVE-2024-1"])
    assert sum(plan["Before"].values()) > sum(plan["After"].values()) == 0
    for name, text in expected.items():
        wanted = text.replace('base:1.2.3"', 'base:1.2.10"').replace(
            "base:1.2.3\n", "base:1.2.10\n"
        )
        wanted = wanted.replace('newTag: "1.2.3"', 'newTag: "1.2.10"')
        wanted = wanted.replace("tag: '1.2.3'", "tag: '1.2.10'").replace("TAG=1.2.3", "TAG=1.2.10")
        if "plain" in wanted:
            (first, more), tail = wanted.split("web:"), "tag: 1.2.3\n"
            wanted = first.replace("1.2.3", "1.2.10") + "web:" + more
            wanted = wanted.removesuffix(tail) + "tag: 1.2.10\n"
        assert (root / name).read_text() == wanted
    assert again["Files"] == []


def test_offline_no_registry_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  a:\n    image: python:3.9.1\n")
    assert main(["fix", "fs", str(tmp_path), "--images", "--offline", "--json", "-q"]) == 0
    assert "images: no registry was asked" in json.loads(capsys.readouterr().out)["Remarks"]


def test_only_manifests_name_images() -> None:
    assert list(named("image: python:3.9.1\n")) == []
    assert [one.reference for one in named("kind: Pod\nx:\n- image: 'a/b:1'\n")] == ["a/b:1"]
    assert list(named("kind: Pod\n# image: a:1\nimage: {{ .Values.x }}\n")) == []


def test_a_tag_that_looks_like_a_number_is_put_in_quotes() -> None:
    text = "image:\n  repository: debian\n  tag: 12.9.1\n"
    assert replaced(text, {"debian:12.9.1": "debian:12.10"}) == text.replace("12.9.1", '"12.10"')


@given(st.text(alphabet="ab:/.-# \n\"'{}kindimage123", max_size=200))
def test_what_is_not_changed_stays_byte_for_byte(text: str) -> None:
    whole = f"kind: Pod\n{text}"
    assert replaced(whole, {}) == whole
    for one in named(whole):
        assert whole[one.start : one.end] in (one.reference, one.reference.rpartition(":")[2])
        if one.whole:
            assert replaced(whole, {one.reference: one.reference}) == whole
