"""Tekton: a Task that scans an image in a registry, or an archive in a workspace."""

from __future__ import annotations

from pratique.model.ci_system import Pipeline, System


def text(pipeline: Pipeline) -> str:
    return f"""\
# Scans an image that an earlier task pushed, and fails by the policy. Written by
# `pratique ci init tekton`.
apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: pratique
spec:
  params:
    - name: image
      description: The image, by digest if possible
      default: "{pipeline.image}"
    - name: gates
      description: A ready policy, or a file in the workspace
      default: "{pipeline.gates}"
  workspaces:
    - name: source
      optional: true
  results:
    - name: verdict
      description: passed or failed
  volumes:
    - name: tmp
      emptyDir: {{}}
  steps:
    - name: scan
      image: python:3.12-slim
      workingDir: $(workspaces.source.path)
      env:
        - name: HOME
          value: /tmp
        - name: IMAGE
          value: $(params.image)
        - name: GATES
          value: $(params.gates)
      computeResources:
        requests: {{cpu: 250m, memory: 256Mi, ephemeral-storage: 1Gi}}
        limits: {{cpu: "2", memory: 1Gi, ephemeral-storage: 4Gi}}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        capabilities:
          drop: [ALL]
        seccompProfile:
          type: RuntimeDefault
      script: |
        #!/bin/sh
        set -eu
        python -m venv /tmp/venv
        /tmp/venv/bin/{pipeline.install}
        if /tmp/venv/bin/pratique image "$IMAGE" --gates "$GATES" \\
            --scanners vuln,secret,misconfig; then
          printf passed > "$(results.verdict.path)"
        else
          printf failed > "$(results.verdict.path)"
          exit 1
        fi
"""


system = System("tekton", "tekton/pratique.yaml", text, "kubectl apply -f tekton/pratique.yaml")
