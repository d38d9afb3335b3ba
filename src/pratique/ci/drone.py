"""Drone (and Woodpecker's older syntax): the image is built by the host's engine."""

from __future__ import annotations

from textwrap import indent

from pratique.model.ci_system import Pipeline, System


def text(pipeline: Pipeline) -> str:
    return f"""\
# Builds the image, scans it, and fails by the policy. Written by `pratique ci init drone`.
kind: pipeline
type: docker
name: pratique
steps:
  - name: build
    image: docker:27-cli
    volumes:
      - name: engine
        path: /var/run/docker.sock
    commands:
      - {pipeline.build}
      - docker save -o image.tar {pipeline.image}
  - name: scan
    image: python:3.12-slim
    commands:
      - {pipeline.install}
      - |
{indent(pipeline.scan(), " " * 8)}
volumes:
  - name: engine
    host:
      path: /var/run/docker.sock
"""


system = System(
    "drone", ".drone.yml", text,
    "Commit it; the repository must be trusted, for the engine's socket.",
)  # fmt: skip
