"""CircleCI: results as test results and artifacts."""

from __future__ import annotations

from textwrap import indent

from pratique.model.ci_system import Pipeline, System


def text(pipeline: Pipeline) -> str:
    scan = pipeline.scan("-o junit=results/junit.xml", "-o html=results/pratique.html")
    return f"""\
# Builds the image, scans it, and fails by the policy. Written by `pratique ci init circleci`.
version: 2.1
jobs:
  scan:
    machine:
      image: ubuntu-2404:current
    environment:
      PRATIQUE_CACHE_DIR: /home/circleci/.pratique
    steps:
      - checkout
      - restore_cache:
          keys: ["pratique-"]
      - run:
          name: Build
          command: |
            {pipeline.build}
            docker save -o image.tar {pipeline.image}
      - run:
          name: Scan
          command: |
            python3 -m venv .venv
            . .venv/bin/activate
            {pipeline.install}
            mkdir -p results
{indent(scan, " " * 12)}
      - save_cache:
          key: pratique-{{{{ epoch }}}}
          paths: ["/home/circleci/.pratique"]
          when: always
      - store_test_results:
          path: results
      - store_artifacts:
          path: results
workflows:
  pratique:
    jobs: [scan]
"""


system = System("circleci", ".circleci/config.yml", text, "Commit it, and set the project up.")
