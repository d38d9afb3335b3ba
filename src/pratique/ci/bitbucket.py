"""Bitbucket Pipelines: results as test results."""

from __future__ import annotations

from textwrap import indent

from pratique.model.ci_system import Pipeline, System


def text(pipeline: Pipeline) -> str:
    scan = pipeline.scan("-o junit=test-results/junit.xml", "-o html=pratique.html")
    return f"""\
# Builds the image, scans it, and fails by the policy. Written by `pratique ci init bitbucket`.
image: python:3.12
definitions:
  caches:
    pratique: .pratique
pipelines:
  default:
    - step:
        name: Build and scan
        services: [docker]
        caches: [docker, pratique]
        script:
          - export PRATIQUE_CACHE_DIR="$BITBUCKET_CLONE_DIR/.pratique"
          - {pipeline.build}
          - docker save -o image.tar {pipeline.image}
          - {pipeline.install}
          - mkdir -p test-results
          - |
{indent(scan, " " * 12)}
        artifacts: [pratique.html]
"""


system = System("bitbucket", "bitbucket-pipelines.yml", text, "Commit it, and enable Pipelines.")
