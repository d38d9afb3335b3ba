"""The HTML report in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import reports
from pratique.formats.html import format as html
from pratique.model.format import Look
from pratique.model.settings import Settings

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), ""
)


def dom(folder: Path, page: str) -> str:
    """Give the document as it is after its script ran."""
    if not BROWSER:
        pytest.skip("needs chromium on PATH")
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
               f"--user-data-dir={folder / 'profile'}", f"file://{path}"]  # fmt: skip
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def test_the_script_counts_the_rows(tmp_path: Path) -> None:
    text = dom(tmp_path, html.render([reports.with_findings(50)], Settings(), Look()))
    assert '<span class="shown">52 of 52</span>' in text


def test_clicks_sort_and_words_filter(tmp_path: Path) -> None:
    """A second script, which the page's policy would refuse, plays the user."""
    page = html.render([reports.with_findings(50)], Settings(), Look())
    page = re.sub(r"<meta http-equiv[^>]*>", "", page)
    user = """<script>
      document.querySelectorAll("th[aria-sort]")[1].click();
      const box = document.querySelector("input[type=search]");
      box.value = "CVE-2024-004"; box.dispatchEvent(new Event("input"));
    </script></body>"""
    text = dom(tmp_path, page.replace("</body>", user))
    assert '<span class="shown">10 of 52</span>' in text
    ids = re.findall(r'<tr data-kind="vulnerability"[^>]*?(hidden="")?><td[^>]*>\w+</td><td>'
                     r"<a[^>]*>(CVE-[\d-]+)", text)  # fmt: skip
    assert [id for _, id in ids] == sorted(id for _, id in ids)


def test_hostile_words_run_nothing(tmp_path: Path) -> None:
    page = html.render([reports.with_findings(10, reports.HOSTILE)], Settings(), Look())
    marked = page.replace("alert(1)", "document.title='owned'")
    assert "<title>owned" not in dom(tmp_path, marked)
