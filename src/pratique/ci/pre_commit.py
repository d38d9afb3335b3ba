"""pre-commit: Dockerfiles, manifests and lock files before they are committed."""

from __future__ import annotations

from pratique.model.ci_system import Pipeline, System


def text(pipeline: Pipeline) -> str:
    return f"""\
# Checks what is about to be committed. Written by `pratique ci init pre-commit`.
repos:
  - repo: local
    hooks:
      - id: pratique-config
        name: pratique config
        entry: pratique config . --exit-code 1 --severity HIGH,CRITICAL --quiet
        language: python
        additional_dependencies: ["pratique=={pipeline.version}"]
        files: (?i)(dockerfile|containerfile|\\.ya?ml$)
        pass_filenames: false
      - id: pratique-secrets
        name: pratique secrets
        entry: pratique fs . --scanners secret --exit-code 1 --quiet
        language: python
        additional_dependencies: ["pratique=={pipeline.version}"]
        pass_filenames: false
"""


system = System(
    "pre-commit", ".pre-commit-config.yaml", text, "pre-commit install, then pre-commit run -a"
)
