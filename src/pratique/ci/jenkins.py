"""Jenkins, a declarative pipeline: results as test results and as warnings."""

from __future__ import annotations

from textwrap import indent

from pratique.model.ci_system import Pipeline, System


def text(pipeline: Pipeline) -> str:
    scan = pipeline.scan("-o junit=junit.xml", "-o sarif=pratique.sarif", "-o html=pratique.html")
    return f"""\
// Builds the image, scans it, and fails by the policy. Written by `pratique ci init jenkins`.
pipeline {{
  agent any
  environment {{
    PRATIQUE_CACHE_DIR = "${{WORKSPACE}}/.pratique"
  }}
  stages {{
    stage('Build') {{
      steps {{
        sh '{pipeline.build}'
        sh 'docker save -o image.tar {pipeline.image}'
      }}
    }}
    stage('Scan') {{
      steps {{
        sh '''
          python3 -m venv .venv
          . .venv/bin/activate
          {pipeline.install}
{indent(scan, " " * 10)}
        '''
      }}
    }}
  }}
  post {{
    always {{
      junit allowEmptyResults: true, skipMarkingBuildUnstable: true, testResults: 'junit.xml'
      archiveArtifacts allowEmptyArchive: true, artifacts: 'pratique.html, pratique.sarif'
    }}
  }}
}}
"""


system = System(
    "jenkins", "Jenkinsfile", text,
    "Commit it; the agent needs Docker and Python 3.11 or newer.",
)  # fmt: skip
