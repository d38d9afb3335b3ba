"""GitLab CI: the report is shown in merge requests and in the vulnerability report."""

from __future__ import annotations

from textwrap import indent

from pratique.model.ci_system import Pipeline, System


def text(pipeline: Pipeline) -> str:
    scan = pipeline.scan(
        "-o gitlab=gl-container-scanning-report.json", "-o cyclonedx=gl-sbom-report.cdx.json",
        "-o json=report.json", "-o junit=junit.xml",
    )  # fmt: skip
    return f"""\
# Builds the image, scans it, and fails by the policy. Written by `pratique ci init gitlab`.
stages: [build, scan]

build-image:
  stage: build
  image: docker:27
  services: ["docker:27-dind"]
  variables:
    DOCKER_TLS_CERTDIR: /certs
  script:
    - {pipeline.build}
    - docker save -o image.tar {pipeline.image}
  artifacts:
    paths: [image.tar]
    expire_in: 1 hour

pratique:
  stage: scan
  image: python:3.12-slim
  needs: [build-image]
  variables:
    PRATIQUE_CACHE_DIR: $CI_PROJECT_DIR/.pratique
  cache:
    key: pratique
    paths: [.pratique]
  script:
    - {pipeline.install}
    - |
{indent(scan, " " * 6)}
  artifacts:
    when: always
    paths: [report.json]
    reports:
      container_scanning: gl-container-scanning-report.json
      cyclonedx: gl-sbom-report.cdx.json
      junit: junit.xml
"""


system = System(
    "gitlab", ".gitlab-ci.yml", text,
    "Commit it; the runner needs Docker-in-Docker to build, nothing to scan.",
)  # fmt: skip
