"""GitLab CI: the report is shown in merge requests and in the vulnerability report."""

from __future__ import annotations

from textwrap import indent

from pratique.model.ci_system import Fixes, Mending, Pipeline, System


def text(pipeline: Pipeline) -> str:
    scan = pipeline.scan(
        '${BASELINE:+--baseline "$BASELINE"}',
        "-o gitlab=gl-container-scanning-report.json", "-o cyclonedx=gl-sbom-report.cdx.json",
        "-o json=report.json", "-o junit=junit.xml",
    )  # fmt: skip
    return f"""\
# Builds the image, scans it, and fails by the policy. Written by `pratique ci init gitlab`.
stages: [build, scan]

workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
      variables:
        BASELINE_POLICY: pull
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      variables:
        BASELINE_POLICY: push

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
    - key: pratique
      paths: [.pratique]
    - key: pratique-baseline # what the default branch is like: merge requests only read it
      paths: [baseline]
      policy: $BASELINE_POLICY
      unprotect: true
      when: always
  script:
    - {pipeline.install}
    - |
      if [ "$CI_PIPELINE_SOURCE" = merge_request_event ] && [ -f baseline/report.json ]; then
        BASELINE=baseline/report.json
      fi
{indent(scan, " " * 6)}
  after_script:
    - if [ -f report.json ]; then mkdir -p baseline && cp report.json baseline/report.json; fi
  artifacts:
    when: always
    paths: [report.json]
    reports:
      container_scanning: gl-container-scanning-report.json
      cyclonedx: gl-sbom-report.cdx.json
      junit: junit.xml
"""


def fixes(mending: Mending) -> str:
    return f"""\
# Opens merge requests that remove known vulnerabilities, in scheduled pipelines. Written by
# `pratique ci init gitlab --fix`. The image needs git, Python, and what makes your lock files.
pratique-fix:
  stage: .post
  image: python:3.12
  needs: []
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  variables:
    PRATIQUE_CACHE_DIR: $CI_PROJECT_DIR/.pratique
  cache:
    - key: pratique
      paths: [.pratique]
  script:
    - {mending.install}
    - {mending.fix("gitlab")} # --test 'make test' tries each
"""


system = System(
    "gitlab", ".gitlab-ci.yml", text,
    "Commit it; the runner needs Docker-in-Docker to build, nothing to scan.",
    Fixes(
        ".gitlab/pratique-fix.yml", fixes,
        "Add `include: .gitlab/pratique-fix.yml` to .gitlab-ci.yml, a schedule, and the variable "
        "GITLAB_TOKEN, masked and protected: a project's token, role Developer, scopes api and "
        "write_repository.",
    ),
)  # fmt: skip
