"""Habits of Dockerfiles: what is written, what only advised, and that all else stays."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pratique.cli import main
from pratique.mending import Dockerfile, Done, mended
from pratique.model.inventory import Inventory, Package
from pratique.model.settings import Settings

EXAMPLES = sorted((Path(__file__).parent / "checks" / "dockerfile").glob("*/*/Dockerfile"))
PYTHON = """\
# syntax=docker/dockerfile:1
ARG V=3.13
FROM python:${V}-slim
WORKDIR /app
ENV PYTHONUNBUFFERED=1
RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev curl \\
    # the lists
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY src ./src

EXPOSE 8000
HEALTHCHECK CMD curl -f http://localhost:8000/
# how it begins
CMD ["gunicorn", "-b", "0.0.0.0:8000", "main:app"]
"""
NODE = """\
FROM node:24.11.0-slim AS app
WORKDIR /srv/app
COPY package.json package-lock.json ./
RUN npm ci
COPY src ./src
RUN npm run build
CMD ["node", "dist/server.js"]
"""
GO = """\
FROM golang:1.25.3
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /server .
ENTRYPOINT ["/server"]
"""
MAVEN = """\
FROM maven:3.9.11-eclipse-temurin-21-alpine
WORKDIR /app
COPY pom.xml .
COPY src ./src
RUN mvn -q package
ENTRYPOINT ["java", "-jar", "target/app.jar"]
"""
ALPINE = 'FROM alpine:3.22.2\nCOPY run /run.py\nVOLUME /data\nENTRYPOINT ["python3", "/run.py"]\n'
PACKAGE = {"devDependencies": {"typescript": "5"}, "scripts": {"start": "node x.js"}}
CONTEXTS: dict[str, dict[str, str]] = {
    PYTHON: {"requirements.txt": "flask\n", "src/main.py": "", ".dockerignore": "*\n"},
    NODE: {"package.json": json.dumps(PACKAGE), "package-lock.json": "{}", "src/a.ts": ""},
    GO: {"go.mod": "module x\n", "main.go": "package main\n", ".env": "A=b\n", "ca.pem": "x"},
    MAVEN: {"pom.xml": "<artifactId>spring-boot-maven-plugin</artifactId>", "src/A.java": ""},
    ALPINE: {"run": ""},
}
LIBPQ = Inventory(tuple(
    Package("s", "dpkg", "deb", name, "1", source=source, introduced=layer)
    for name, source, layer in [
        ("passwd", "shadow", 0), ("libc6", "glibc", 0), ("gcc", "gcc-defaults", 3),
        ("libpq-dev", "postgresql-15", 3), ("libpq5", "postgresql-15", 3), ("libssl3", "openssl", 3),
    ]
))  # fmt: skip
USERADD = "RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin app"
ADDUSER = "RUN adduser -D -u 10001 -s /sbin/nologin app"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    """2026-11-26, so that releases that are maintained now stay so here."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795651200")


def better(
    folder: Path, text: str, files: Mapping[str, str] | None = None, held: Inventory | None = None
) -> Done:
    folder.mkdir(exist_ok=True)
    for name, content in (CONTEXTS.get(text, {}) if files is None else files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    file = Dockerfile("Dockerfile", str(folder), Settings(), lambda one: one, held, 1)
    return mended(file, text)


def test_python_is_parted_and_its_library_stays(tmp_path: Path) -> None:
    done = better(tmp_path, PYTHON, held=LIBPQ)
    stage = """\

FROM python:${V}-slim
WORKDIR /app
ENV PYTHONUNBUFFERED=1
RUN apt-get update && apt-get install -y --no-install-recommends curl libpq5 \
&& rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH="/opt/venv/bin:$PATH"
"""
    environment = 'RUN python -m venv /opt/venv\nENV PATH="/opt/venv/bin:$PATH"\n'
    assert done.text == (
        PYTHON.replace("-slim\n", "-slim AS build\n")
        .replace("RUN pip", f"{environment}RUN pip")
        .replace("COPY src ./src\n", f"COPY src ./src\n{stage}")
        .replace("# how", f"{USERADD}\nUSER 10001\n# how")
    )
    removed = {failure.check for one in done.mended for failure in one.removes}
    assert removed >= {"DF-0002", "DF-0045"}
    assert [one.habit for one in done.mended] == ["python stages", "user"]


def test_without_a_scan_a_library_is_not_guessed(tmp_path: Path) -> None:
    done = better(tmp_path, PYTHON)
    assert "AS build" not in done.text
    assert any("libpq-dev is for is not known" in told for told in done.advice)


def test_node_go_and_maven_are_parted(tmp_path: Path) -> None:
    done = better(tmp_path / "node", NODE)
    assert done.text == NODE.replace(" AS app", " AS build").replace("CMD", (
        "RUN npm prune --omit=dev\n\nFROM node:24.11.0-slim AS app\nWORKDIR /srv/app\n"
        "COPY --from=build /srv/app /srv/app\nUSER node\nCMD"))  # fmt: skip
    done = better(tmp_path / "go", GO, CONTEXTS[GO] | {".dockerignore": ".env\nca.pem\n"})
    assert done.text == GO.replace("25.3", "25.3 AS build").replace("ENTRY", (
        "\nFROM gcr.io/distroless/static-debian12:nonroot\nWORKDIR /src\n"
        "COPY --from=build /server /server\nENTRY"))  # fmt: skip
    done = better(tmp_path / "maven", MAVEN)
    assert done.text == MAVEN.replace("-alpine", "-alpine AS build").replace("ENTRY", (
        "\nFROM eclipse-temurin:21-jre-alpine\nWORKDIR /app\n"
        "COPY --from=build /app/target/app.jar /app/target/app.jar\n"
        f"{ADDUSER}\nUSER 10001\nENTRY"))  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new"), [
    (PYTHON, "RUN pip", "RUN curl -o /usr/bin/x https://x && pip"), (PYTHON, "libpq-dev", "libx-dev"),
    (PYTHON, "RUN pip install", "RUN pip install --user"), (PYTHON, '"gunicorn"', '"/usr/bin/env"'),
    (PYTHON, "COPY src ./src", "COPY src /etc/src"), (PYTHON, "COPY src", "COPY --chown=1 src"),
    (PYTHON, "COPY src", "USER x\nCOPY src"), (PYTHON, "WORKDIR /app\n", ""),
    (NODE, '"node", "dist/server.js"', '"npx", "next"'), (NODE, "npm run build", "npx prisma generate"),
    (NODE, "RUN npm ci", "ENV NODE_ENV=production\nRUN npm ci"), (NODE, "npm ci", "npm ci -g x"),
    (GO, "CGO_ENABLED=0 ", ""), (GO, '["/server"]', "/server"), (GO, "/server .", "/other ."),
    (GO, "ENTRY", "HEALTHCHECK CMD x\nENTRY"), (GO, "RUN", "RUN apt-get install -y git\nRUN"),
    (MAVEN, '"-jar"', '"-cp"'), (MAVEN, "RUN mvn", "RUN ls && mvn"), (MAVEN, "eclipse-temurin", "ibm"),
])  # fmt: skip
def test_what_is_not_certain_is_not_parted(tmp_path: Path, text: str, old: str, new: str) -> None:
    files = CONTEXTS[text] | {".dockerignore": "ca.pem\n.env"}
    assert "AS build" not in better(tmp_path, text.replace(old, new), files, LIBPQ).text


def test_go_that_reads_files_is_not_parted(tmp_path: Path) -> None:
    assert "AS build" not in better(tmp_path / "a", GO).text
    files = {"main.go": 'package main\nvar x = os.ReadFile("x")\n'}
    done = better(tmp_path / "b", GO, files)
    assert any("main.go has os.ReadFile" in told for told in done.advice)


@pytest.mark.parametrize(("base", "user"), [
    ("node:24.11.0", "USER node"), ("gcr.io/distroless/cc-debian12:latest", "USER nonroot"),
    ("alpine:3.22.2", f"{ADDUSER}\nUSER 10001"), ("ubuntu:24.04", f"{USERADD}\nUSER 10001"),
    ("ruby:3.4.7-alpine3.22", f"{ADDUSER}\nUSER 10001"),
])  # fmt: skip
def test_a_user_as_the_base_has_or_makes_it(tmp_path: Path, base: str, user: str) -> None:
    text = f'FROM {base}\nCOPY x /x\n# begins\nCMD ["/x"]\n'
    assert better(tmp_path, text).text == text.replace("# begins", f"{user}\n# begins")


def test_a_user_that_the_dockerfile_makes_itself(tmp_path: Path) -> None:
    text = 'FROM debian:13.1-slim\nRUN useradd -m web\nCMD ["/x"]\n'
    assert better(tmp_path, text).text == text.replace("CMD", "USER web\nCMD")


def test_folders_that_it_writes_to_are_its_own(tmp_path: Path) -> None:
    text = ("FROM debian:13.1-slim\nWORKDIR /srv\nENV UPLOAD_DIR=/up/files DB_PATH=/etc\n"
            'RUN mkdir -p logs /opt/x\nVOLUME ["/data"]\nCMD ["/x"]\n')  # fmt: skip
    own = "/data /srv/logs /up/files"
    put = f"{USERADD} && mkdir -p {own} && chown -R 10001:app {own}\nVOLUME"
    assert better(tmp_path, text).text == (
        text.replace("VOLUME", put).replace("CMD", "USER 10001\nCMD")
    )


@pytest.mark.parametrize(("text", "why"), [
    ('EXPOSE 80/tcp\nCMD ["/x"]', "port 80"), ("CMD gunicorn -b :80 x", "port 80"),
    ('ENV PORT=443\nCMD ["/x"]', "port 443"), ('CMD ["nginx"]', "nginx begins as root"),
    ('ENV PATH=/root/.local/bin:$PATH\nCMD ["x"]', "root's home"), ("EXPOSE 8080", "the base's own"),
    ('COPY start.sh /\nCMD ["/start.sh"]', "start.sh has chown"),
    ('CMD ["/other.sh"]', "what other.sh does is not known"),
    ('USER root\nCMD ["/x"]', "the last USER is root"),
])  # fmt: skip
def test_what_needs_root_is_advised(tmp_path: Path, text: str, why: str) -> None:
    done = better(tmp_path, f"FROM debian:13.1-slim\n{text}\n", {"start.sh": "chown x /data\n"})
    assert not any(one.habit == "user" for one in done.mended)
    assert any(why in told for told in done.advice), done.advice


@pytest.mark.parametrize(
    "text", ['FROM nginx:1.29.3\nCMD ["x"]\n', 'FROM debian:13.1\nCMD ["gosu", "x", "y"]\n']
)
def test_what_drops_root_itself_stays(tmp_path: Path, text: str) -> None:
    assert "USER" not in better(tmp_path, text).text


def test_a_dockerignore_hides_nothing_that_is_needed(tmp_path: Path) -> None:
    text = (
        "FROM debian:13.1-slim\nCOPY certs/server.key /k\nCOPY . /app\nRUN git describe\nUSER x\n"
    )
    key = "-----BEGIN " + "PRIVATE KEY-----\n"
    files = {"certs/server.key": key, "ca.pem": "-----BEGIN CERTIFICATE-----\n", "own.pem": key,
             "a/.env.production": "A=b\n"}  # fmt: skip
    lines = better(tmp_path, text, files).files[".dockerignore"].splitlines()
    assert {"**/.env", "a/.env.production", "**/*.pem"} <= set(lines)
    assert lines[-1] == "!ca.pem"
    assert not {".git", "**/*.key", "certs/server.key", "!own.pem"} & set(lines)


def test_a_dockerignore_is_added_to(tmp_path: Path) -> None:
    text = "FROM debian:13.1-slim\nCOPY . /app\nUSER x\n"
    done = better(tmp_path, text, {".dockerignore": "# ours\n*.md\n.git", "x.key": "y"})
    assert done.files[".dockerignore"] == "# ours\n*.md\n.git\n**/.env\n**/*.key\n"
    [one] = [one for one in done.mended if one.habit == "dockerignore"]
    assert (one.path, [failure.check for failure in one.removes]) == (".dockerignore", ["DF-0044"])
    (tmp_path / ".dockerignore").write_text(done.files[".dockerignore"])
    assert not better(tmp_path, text, {}).files


def test_a_jre_does(tmp_path: Path) -> None:
    text = 'FROM eclipse-temurin:21-jdk-noble\nCOPY a.jar /\nCMD ["java", "-jar", "/a.jar"]\n'
    assert "FROM eclipse-temurin:21-jre-noble\n" in better(tmp_path, text).text
    for old, new in (("COPY", "RUN jlink x\nCOPY"), ('"java"', '"jshell"')):
        assert "-jdk-" in better(tmp_path, text.replace(old, new)).text


def lines_stay(before: str, after: str) -> bool:
    """Tell whether all lines but FROM stand in the other text, in their order."""
    there: Iterator[str] = iter(after.split("\n"))
    return all(any(line == other for other in there)
               for line in before.split("\n") if not line.upper().startswith("FROM"))  # fmt: skip


@pytest.mark.parametrize("text", CONTEXTS, ids=["python", "node", "go", "maven", "alpine"])
def test_a_second_run_changes_nothing(tmp_path: Path, text: str) -> None:
    oracle = pytest.importorskip("dockerfile", reason="BuildKit's parser is not installed")
    held = LIBPQ if text == PYTHON else None
    done = better(tmp_path, text, held=held)
    assert lines_stay(text, done.text)
    oracle.parse_string(done.text)
    again = better(tmp_path, done.text, done.files, held)
    assert (again.text, again.files, again.mended) == (done.text, {}, ())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_examples_stay_dockerfiles_and_change_once(path: Path) -> None:
    oracle = pytest.importorskip("dockerfile", reason="BuildKit's parser is not installed")
    done = better(path.parent, path.read_text(), {})
    oracle.parse_string(done.text)
    assert better(path.parent, done.text, {}).text == done.text


LINES = ["RUN a", "# c", "COPY x /x", "ENV A=b", "EXPOSE 8080", 'CMD ["/n"]', "VOLUME /data", "ARG Q",
         "RUN <<E\nx\nE", "RUN a \\\n  # why\n  && b", "WORKDIR /w", "", "LABEL a=b", "USER 5"]  # fmt: skip
BASES = ("node:24", "debian:13", "alpine:3.22", "python:3.13")


@given(st.lists(st.sampled_from(LINES), max_size=8), st.sampled_from(["\n", "\r\n"]),
       st.sampled_from(BASES))  # fmt: skip
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
def test_the_rest_stays_byte_for_byte(
    tmp_path: Path, lines: list[str], end: str, base: str
) -> None:
    oracle = pytest.importorskip("dockerfile", reason="BuildKit's parser is not installed")
    text = end.join("\n".join(["# escape=\\", f"FROM {base}", *lines, ""]).split("\n"))
    done = better(tmp_path, text, {})
    by_checks = any(one.habit.startswith("DF-") for one in done.mended)
    assert by_checks or lines_stay(text, done.text)
    assert end == "\n" or done.text.count("\n") == done.text.count("\r\n")
    if end == "\n":
        oracle.parse_string(done.text)


def test_in_a_project_each_dockerfile_in_its_own_context(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "docker/Dockerfile": 'FROM debian:13.1\nCOPY src.txt /\nCOPY . /a\nCMD ["/x"]\n',
        "app/Dockerfile": 'FROM node:24.11.0\nCOPY . /a\nCMD ["/x"]\n', "src.txt": "x",
        "broken.Dockerfile": "FROM x\nNONSENSE\n",
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(content)
    words = ["fix", "fs", str(tmp_path / "in"), "--habits", "--offline", "--skip-db-update", "-q",
             "--cache-dir", str(tmp_path / "c")]  # fmt: skip
    assert main([*words, "--json", "--write"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert sorted(found["Files"]) == [
        ".dockerignore", "app/.dockerignore", "app/Dockerfile", "docker/Dockerfile",
    ]  # fmt: skip
    assert {one["Path"]: one["Removes"] for one in found["Habits"] if one["Name"] == "user"} == {
        "app/Dockerfile": ["DF-0002"], "docker/Dockerfile": ["DF-0002"],
    }  # fmt: skip
    assert any(told.startswith("broken.Dockerfile: ") for told in found["Remarks"])
    assert (tmp_path / "in/app/Dockerfile").read_text().endswith('USER node\nCMD ["/x"]\n')
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["Files"] == []
