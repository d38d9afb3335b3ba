"""GitHub Actions: results in code scanning, the job's summary and a comment on the pull request."""

from __future__ import annotations

from textwrap import indent

from pratique.model.ci_system import Fixes, Mending, Pipeline, System

CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
PYTHON = "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0"
CACHE = "actions/cache@0057852bfaa89a56745cba8c7296529d2fc39830 # v4.3.0"
RESTORE, SAVE = (CACHE.replace("/cache@", f"/cache/{part}@") for part in ("restore", "save"))
UPLOAD = "github/codeql-action/upload-sarif@181d5eefc20863364f96762470ba6f862bdef56b # v3.29.2"
# one comment, which later runs replace: it is found again by its heading
COMMENT = """\
comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
mine='.[] | select(.body | startswith("### Pratique: ")) | .id'
id=$(gh api --paginate "$comments" --jq "$mine" | head -n 1)
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F body=@comment.md
else
  gh api --silent "$comments" -F body=@comment.md
fi"""


def text(pipeline: Pipeline) -> str:
    scan = pipeline.scan(
        '${BASELINE:+--baseline "$BASELINE"}', "-o sarif=pratique.sarif",
        "-o json=report.json", "-o markdown=comment.md",
    )  # fmt: skip
    baseline = "pratique-baseline-${{ github.base_ref || github.ref_name }}-"
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
    timeout-minutes: 30
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
        with: # advisories
          path: ~/.cache/pratique
          key: pratique-${{{{ runner.os }}}}-${{{{ github.run_id }}}}
          restore-keys: pratique-${{{{ runner.os }}}}-
      - uses: {RESTORE}
        if: github.event_name == 'pull_request'
        with: # what the branch that is merged into was like
          path: baseline
          key: {baseline}${{{{ github.sha }}}}
          restore-keys: {baseline}
      - name: Build
        run: |
          {pipeline.build}
          docker save -o image.tar {pipeline.image}
      - name: Scan
        run: |
          {pipeline.install}
          if [ -f baseline/report.json ]; then
            BASELINE=baseline/report.json
          fi
{indent(scan, " " * 10)}
      - name: Keep the report as the next baseline
        if: ${{{{ !cancelled() && github.event_name == 'push' && hashFiles('report.json') != '' }}}}
        run: mkdir -p baseline && cp report.json baseline/report.json
      - uses: {SAVE}
        if: ${{{{ !cancelled() && github.event_name == 'push' && hashFiles('baseline/report.json') != '' }}}}
        with:
          path: baseline
          key: {baseline}${{{{ github.sha }}}}
      - uses: {UPLOAD}
        if: ${{{{ !cancelled() && hashFiles('pratique.sarif') != '' }}}}
        continue-on-error: true # a private repository may not have code scanning
        with:
          sarif_file: pratique.sarif
          category: pratique
      - name: Comment
        if: ${{{{ !cancelled() && github.event_name == 'pull_request' && hashFiles('comment.md') != '' }}}}
        continue-on-error: true # the token of a fork may not write
        env:
          GH_TOKEN: ${{{{ github.token }}}}
          NUMBER: ${{{{ github.event.pull_request.number }}}}
        run: |
{indent(COMMENT, " " * 10)}
"""  # noqa: E501 - lines of YAML


def fixes(mending: Mending) -> str:
    return f"""\
# Opens pull requests that remove known vulnerabilities. Written by `pratique ci init github --fix`.
name: pratique-fix
on:
  schedule:
    - cron: "17 4 * * 1" # Mondays
  workflow_dispatch:
permissions: {{}}
concurrency: pratique-fix
jobs:
  fix:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: write # branches
      pull-requests: write
    steps:
      - uses: {CHECKOUT}
        with:
          persist-credentials: false # the last step alone may push
      - uses: {PYTHON}
        with:
          python-version: "3.12"
      - uses: {CACHE}
        with: # advisories
          path: ~/.cache/pratique
          key: pratique-${{{{ runner.os }}}}-${{{{ github.run_id }}}}
          restore-keys: pratique-${{{{ runner.os }}}}-
      - name: Install
        run: {mending.install}
      - name: Fix
        env:
          GITHUB_TOKEN: ${{{{ github.token }}}} # with it, pull requests do not start workflows
        run: {mending.fix("github")} # --test 'make test' tries each
"""


system = System(
    "github", ".github/workflows/pratique.yml", text,
    "Commit it: the first push to the main branch is the baseline of pull requests.",
    Fixes(
        ".github/workflows/pratique-fix.yml", fixes,
        "Commit it, and let Actions open pull requests (Settings, Actions, General).",
    ),
)  # fmt: skip
