"""Put the mechanical fixes of a report's failures into one patch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from pratique.model.check import Edit
from pratique.model.report import Report


def patch(report: Report) -> str:
    """Return a unified diff against the files as they were read; empty where nothing can be mended.

    Fixes that touch the same lines are not mixed: the first of a file's counts, the next run has
    the others.
    """
    texts = {document.path: document.text for document in report.inventory.documents}
    edits: dict[str, list[Edit]] = {}
    for one in report.examined:
        for failure in one.failures:
            if failure.fix and failure.path in texts:
                edits.setdefault(failure.path, []).append(failure.fix)
    return "".join(
        line for path in sorted(edits) for line in _of_file(path, texts[path], edits[path])
    )


def _of_file(path: str, text: str, edits: Sequence[Edit]) -> Iterator[str]:
    before = text.splitlines(keepends=True)
    after = list(before)
    for edit in sorted(_apart(edits), key=lambda edit: -edit.start):
        ending = "\r\n" if before and before[0].endswith("\r\n") else "\n"
        put = [line + ending for line in edit.text.split("\n")] if edit.text else []
        after[edit.start - 1 : max(edit.end, edit.start - 1)] = put
    for line in unified_diff(before, after, f"a/{path}", f"b/{path}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _apart(edits: Sequence[Edit]) -> Iterator[Edit]:
    """Yield the edits that touch no line of one before them, each once."""
    taken: set[int] = set()
    for edit in dict.fromkeys(edits):
        lines = set(range(edit.start, max(edit.end, edit.start) + 1))
        if not lines & taken:
            taken |= lines
            yield edit
