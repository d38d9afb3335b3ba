"""Azure Pipelines: results as test results, and as a SARIF artifact (CodeAnalysisLogs)."""

from __future__ import annotations

from textwrap import indent

from pratique.model.ci_system import Pipeline, System


def text(pipeline: Pipeline) -> str:
    scan = pipeline.scan("-o junit=junit.xml", "-o sarif=sarif/pratique.sarif")
    return f"""\
# Builds the image, scans it, and fails by the policy. Written by `pratique ci init azure`.
trigger: [main, master]
pr: ["*"]
pool:
  vmImage: ubuntu-latest
variables:
  PRATIQUE_CACHE_DIR: $(Pipeline.Workspace)/.pratique
steps:
  - task: UsePythonVersion@0
    inputs:
      versionSpec: "3.12"
  - task: Cache@2
    inputs:
      key: '"pratique" | "$(Agent.OS)" | "$(Build.BuildId)"'
      restoreKeys: '"pratique" | "$(Agent.OS)"'
      path: $(PRATIQUE_CACHE_DIR)
  - script: |
      set -e
      {pipeline.build}
      docker save -o image.tar {pipeline.image}
    displayName: Build
  - script: |
      set -e
      {pipeline.install}
      mkdir -p sarif
{indent(scan, " " * 6)}
    displayName: Scan
  - task: PublishTestResults@2
    condition: succeededOrFailed()
    inputs:
      testResultsFormat: JUnit
      testResultsFiles: junit.xml
      testRunTitle: Pratique
  - task: PublishBuildArtifacts@1
    condition: succeededOrFailed()
    inputs:
      PathtoPublish: sarif
      ArtifactName: CodeAnalysisLogs
"""


system = System(
    "azure", "azure-pipelines.yml", text,
    "Commit it, and make a pipeline of it; the SARIF SAST Scans Tab extension shows the results.",
)  # fmt: skip
