"""GitHub Actions: results in code scanning, the job's summary and a comment on the pull request."""

from __future__ import annotations

from textwrap import indent

from pratique.model.ci_system import Pipeline, System

CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
PYTHON = "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0"
CACHE = "actions/cache@0057852bfaa89a56745cba8c7296529d2fc39830 # v4.3.0"
UPLOAD = "github/codeql-action/upload-sarif@181d5eefc20863364f96762470ba6f862bdef56b # v3.29.2"


def text(pipeline: Pipeline) -> str:
    scan = pipeline.scan(
        '${BASELINE:+--baseline "$BASELINE"}', "-o sarif=pratique.sarif",
        "-o json=report.json", "-o markdown=comment.md",
    )  # fmt: skip
    return f"""\
# Builds the image, scans it, and fails by the policy. Written by `pratique ci init github`.
name: pratique
on:
  push:
    branches: [main, master]
  pull_request:
permissions:
  contents: read
jobs:
  scan:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write # results in the Security tab
      pull-requests: write # the comment
    steps:
      - uses: {CHECKOUT}
        with:
          persist-credentials: false
      - uses: {PYTHON}
        with:
          python-version: "3.12"
      - uses: {CACHE}
        with:
          path: ~/.cache/pratique
          key: pratique-${{{{ runner.os }}}}-${{{{ github.run_id }}}}
          restore-keys: pratique-${{{{ runner.os }}}}-
      - uses: {CACHE}
        with: # what the branch that is merged into was like
          path: baseline
          key: pratique-baseline-${{{{ github.base_ref || github.ref_name }}}}-${{{{ github.sha }}}}
          restore-keys: pratique-baseline-${{{{ github.base_ref || github.ref_name }}}}-
      - name: Build
        run: |
          {pipeline.build}
          docker save -o image.tar {pipeline.image}
      - name: Scan
        run: |
          {pipeline.install}
          if [ -f baseline/report.json ] && [ "$GITHUB_EVENT_NAME" = pull_request ]; then
            BASELINE=baseline/report.json
          fi
{indent(scan, " " * 10)}
      - name: Keep the report as the next baseline
        if: ${{{{ !cancelled() && github.event_name == 'push' && hashFiles('report.json') != '' }}}}
        run: mkdir -p baseline && cp report.json baseline/report.json
      - uses: {UPLOAD}
        if: ${{{{ !cancelled() && hashFiles('pratique.sarif') != '' }}}}
        with:
          sarif_file: pratique.sarif
          category: pratique
      - name: Comment
        if: ${{{{ !cancelled() && github.event_name == 'pull_request' && hashFiles('comment.md') != '' }}}}
        continue-on-error: true # a fork's token may not write
        env:
          GH_TOKEN: ${{{{ github.token }}}}
          NUMBER: ${{{{ github.event.pull_request.number }}}}
        run: gh pr comment "$NUMBER" --repo "$GITHUB_REPOSITORY" --body-file comment.md --edit-last --create-if-none
"""  # noqa: E501 - lines of YAML


system = System(
    "github", ".github/workflows/pratique.yml", text,
    "Commit it: the first push to the main branch is the baseline of pull requests.",
)  # fmt: skip
