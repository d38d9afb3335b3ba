"""No secret of a Dockerfile is shown in a report."""

from __future__ import annotations

import pytest

from commands import run
from pratique.codecs.dockerfile.secrets import masked

HIDDEN = "abc123" + "Secret" + "Value9"
LINES = [
    f"ENV API_KEY={HIDDEN}", f'ENV A=b DB_PASSWORD="{HIDDEN}" C=d', f"ENV API_TOKEN {HIDDEN}",
    f"ARG NPM_TOKEN={HIDDEN}", f"RUN curl https://user:{HIDDEN}@example.com/x",
    f"RUN docker login -u me -p {HIDDEN} example.com", f"RUN export TOKEN={HIDDEN} && make",
    f"RUN mysql --password={HIDDEN}",
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_secret_is_masked(line: str) -> None:
    assert HIDDEN not in masked(line)
    assert "***" in masked(line)


@pytest.mark.parametrize("line", [
    "FROM python:3.12", "RUN apt-get update && apt-get install -y curl", "ENV PATH=/usr/bin:$PATH",
    "RUN mkdir -p /app/x", "RUN serve -p 8080:80", "COPY --from=build /a /b", "ARG TOKEN", "RUN pip install -r x.txt",
])  # fmt: skip
def test_the_rest_stays(line: str) -> None:
    assert masked(line) == line


@pytest.mark.parametrize("format_", ["table", "json", "sarif", "markdown", "html", "junit"])
def test_no_format_shows_it(format_: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("masking")
    (folder / "Dockerfile").write_text("FROM scratch\n" + "\n".join(LINES) + "\n")
    said = run("config", str(folder), "-f", format_).stdout
    assert "DF-0009" in said or "DS-0031" in said
    assert HIDDEN not in said
