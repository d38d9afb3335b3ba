"""Dockerfiles that a better habit must not break: each is one that a build or a run failed with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pratique.cli import main
from pratique.mending import Dockerfile, mended
from pratique.model.inventory import Inventory, Package
from pratique.model.settings import Settings
from test_habits import better

PYTHON = """\
FROM python:3.11-slim
WORKDIR /app
RUN apt-get update && apt-get install -y gcc
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY *.py ./
CMD ["python", "main.py"]
"""
FILES = {"main.py": "", "requirements.txt": "flask\n"}
GO = "FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /x .\n"
GO_FILES = {"go.mod": "module x\n", "main.go": "package main\n"}
NODE = "FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"


def manifest(**fields: object) -> dict[str, str]:
    document = {"devDependencies": {"typescript": "5"}, "dependencies": {"express": "4"}, **fields}
    return {"package.json": json.dumps(document), "package-lock.json": "{}"}


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795651200")


def test_all_of_one_check_in_one_instruction_is_mended_at_once(tmp_path: Path) -> None:
    text = 'FROM python:3.11-slim\nRUN pip install -U pip && pip install a\nUSER 1\nCMD ["x"]\n'
    done = better(tmp_path, text, {})
    assert done.text.count("--no-cache-dir") == 2
    assert better(tmp_path, done.text, {}).mended == ()
    [one] = [one for one in done.mended if "cache" in one.what]
    assert [f.check for f in one.removes] == ["DF-0024", "DF-0024"]


@pytest.mark.parametrize("text", [
    "ARG T=17-jdk\nFROM eclipse-temurin:$T AS b\nRUN javac A.java\nFROM eclipse-temurin:$T\n",
    "FROM eclipse-temurin:17-jdk AS base\nFROM base AS b\nRUN javac A.java\nFROM base\n",
])  # fmt: skip
def test_a_jdk_that_another_stage_builds_with_stays(tmp_path: Path, text: str) -> None:
    done = better(tmp_path, text + 'COPY --from=b /w /w\nCMD ["java", "-cp", "/w", "A"]\n', {})
    assert "jre" not in done.text


@pytest.mark.parametrize(("made", "user"), [
    ("useradd web -u 1000", "USER web"),
    ("adduser -S web -G staff", "USER web"),
    ("adduser --disabled-password --gecos 'The app' web", "USER web"),
    ("useradd -rms /bin/bash web", "USER web"),
    ("useradd -m -d /srv/web -g nogroup web", "USER web"),
    ("groupadd app", "RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin runner"),
    ("groupadd web", "RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin app"),
    ("adduser www-data staff", "RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin app"),
])  # fmt: skip
def test_accounts_that_are_there(tmp_path: Path, made: str, user: str) -> None:
    """A second one of the name would stop the build."""
    text = f'FROM python:3.11-slim\nRUN {made}\nENV DATA_DIR=/data\nCMD ["python", "x"]\n'
    done = better(tmp_path, text, {})
    assert user in done.text
    if "runner" in user:
        assert "chown -R 10001:runner /data" in done.text


@pytest.mark.parametrize(("text", "why"), [
    ("EXPOSE 80-90", "port 80"),
    ("ARG P=443\nEXPOSE $P", "port 443"),
    ("ENV A=80\nENV PORT=$A", "port 80"),
    ('CMD ["gunicorn", "x", "--port=80"]', "port 80"),
    ("ONBUILD RUN pip install x", "ONBUILD of line 2"),
    ("RUN npx playwright install", "playwright"),
])  # fmt: skip
def test_what_another_user_may_not_do(tmp_path: Path, text: str, why: str) -> None:
    done = better(tmp_path, f'FROM python:3.11-slim\n{text}\nCMD ["python", "x"]\n'
                  if "CMD" not in text else f"FROM python:3.11-slim\n{text}\n", {})  # fmt: skip
    assert "USER" not in done.text
    assert any(why in one for one in done.advice), done.advice


def test_where_it_is_started_is_its_own_where_it_writes_there(tmp_path: Path) -> None:
    text = "FROM python:3.12\nWORKDIR /srv/x\nCMD python main.py | tee log\n"
    assert "chown -R 10001:app /srv/x" in better(tmp_path, text, {}).text


def test_a_folder_of_data_behind_variables_is_its_own(tmp_path: Path) -> None:
    text = ("FROM node:22-slim\nENV HOME_OF=/srv/x\nENV DATA_DIR=$HOME_OF/data\n"
            'RUN mkdir -p "$DATA_DIR"\nCMD ["node", "x"]\n')  # fmt: skip
    assert "chown -R node /srv/x/data" in better(tmp_path, text, {}).text


@pytest.mark.parametrize(("old", "new", "why"), [
    ("WORKDIR", "ENV PIP_TARGET=/deps\nWORKDIR", "PIP_TARGET"),
    ("WORKDIR", "ARG PIP_USER=1\nWORKDIR", "PIP_USER"),
    ("CMD", "HEALTHCHECK CMD /usr/local/bin/python x.py\nCMD", "/usr/local"),
    ('CMD ["python", "main.py"]', 'CMD ["sh", "-c", "/usr/local/bin/gunicorn x"]', "/usr/local"),
    ('CMD ["python", "main.py"]', 'CMD ["sh", "start"]', "start names what is in /usr/local"),
    ('CMD ["python", "main.py"]', 'ENTRYPOINT ["tini", "--"]\nCMD ["./start"]', "start names"),
    ("-y gcc", "-y gcc gfortran", "Fortran"),
])  # fmt: skip
def test_packages_in_another_place_are_not_parted(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    files = FILES | {"start": "exec /usr/local/bin/celery\n"}
    done = better(tmp_path, PYTHON.replace(old, new), files)
    assert "/opt/venv" not in done.text
    assert any(why in one for one in done.advice), done.advice


def test_what_is_started_may_have_its_arguments_apart(tmp_path: Path) -> None:
    text = PYTHON.replace('CMD ["python", "main.py"]', 'ENTRYPOINT ["python"]\nCMD ["main.py"]')
    assert "/opt/venv" in better(tmp_path, text, FILES).text


def test_libraries_of_compilers_stay(tmp_path: Path) -> None:
    """Alpine's image of Python has none for C++; what Fortran needs a scan says."""
    text = PYTHON.replace("slim", "alpine").replace(
        "apt-get update && apt-get install -y gcc", "apk add g++ gfortran"
    )
    done = better(tmp_path / "alpine", text, FILES)
    assert "RUN apk add --no-cache libstdc++ libgcc libgfortran\n" in done.text
    own = Inventory((Package("s", "dpkg", "deb", "libgfortran5", "1", introduced=2),))
    done = better(tmp_path / "debian", PYTHON.replace("gcc", "gfortran"), FILES, own)
    assert "--no-install-recommends libgfortran5 &&" in done.text


def test_what_was_only_recommended_stays(tmp_path: Path) -> None:
    done = better(tmp_path, PYTHON.replace("gcc", "gcc git"), FILES)
    assert "--no-install-recommends git ca-certificates &&" in done.text
    text = PYTHON.replace("-y gcc", "-y --no-install-recommends gcc git")
    done = better(tmp_path / "other", text, FILES)
    assert "--no-install-recommends git &&" in done.text


@pytest.mark.parametrize(("fields", "start", "why"), [
    ({"scripts": {"prestart": "tsc", "start": "node x.js"}}, '["npm", "start"]', "prestart"),
    ({}, '["node", "--import", "tsx", "x.js"]', "devDependencies translate"),
    ({}, '["node", "--require", "x", "x.js"]', "devDependencies translate"),
    ({"dependencies": {"puppeteer": "1"}}, '["node", "x.js"]', "puppeteer"),
])  # fmt: skip
def test_node_that_needs_more_is_not_parted(
    tmp_path: Path, fields: dict[str, object], start: str, why: str
) -> None:
    done = better(tmp_path, f"{NODE}CMD {start}\n", manifest(**fields))
    assert "prune" not in done.text
    assert any(why in one for one in done.advice), done.advice


def test_npm_prunes_by_the_rules_it_installed_by(tmp_path: Path) -> None:
    text = NODE.replace("npm ci", "npm ci --legacy-peer-deps").replace("/app", "/usr/src/app")
    done = better(tmp_path, f'{text}CMD ["node", "x.js"]\n', manifest())
    assert "\nRUN npm prune --omit=dev --legacy-peer-deps\n" in done.text
    assert "\nCOPY --from=build /usr/src/app /usr/src/app\n" in done.text


@pytest.mark.parametrize(("line", "code", "why"), [
    ("", 'os.Create("x")', "os.Create"),
    ("", "os.MkdirAll(dir, 0o755)", "os.MkdirAll"),
    ("", 'import _ "modernc.org/sqlite"', "sqlite"),
    ("EXPOSE 80\n", "", "port 80"),
])  # fmt: skip
def test_go_that_nonroot_could_not_run(tmp_path: Path, line: str, code: str, why: str) -> None:
    files = GO_FILES | {"main.go": f"package main\n{code}\n"}
    done = better(tmp_path, f'{GO}{line}ENTRYPOINT ["/x"]\n', files)
    assert "distroless" not in done.text
    assert any(why in one for one in done.advice), done.advice


def test_go_that_writes_into_a_folder_of_its_own_making(tmp_path: Path) -> None:
    files = GO_FILES | {"main.go": "package main\n// os.MkdirTemp, os.CreateTemp: in /tmp\n"}
    assert "distroless" in better(tmp_path, f'{GO}ENTRYPOINT ["/x"]\n', files).text


def ignored(folder: Path, dockerfile: str, files: dict[str, str]) -> list[str]:
    return better(folder, dockerfile, files).files.get(".dockerignore", "").split("\n")


@pytest.mark.parametrize("line", [
    'CMD ["node", "--env-file=.env", "x.js"]', "CMD . ./.env && node x.js",
    "RUN export $(cat /app/.env) && ./build", "RUN <<E\nsource .env\nE\n",
])  # fmt: skip
def test_what_a_command_names_is_sent(tmp_path: Path, line: str) -> None:
    lines = ignored(tmp_path, f"FROM node:22\nWORKDIR /app\nCOPY . .\n{line}\n", {".env": "A=b"})
    assert "**/.env" not in lines
    assert "**/*.pem" in lines


def test_what_a_command_makes_is_left_out(tmp_path: Path) -> None:
    text = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci; cp .env.example .env; rm -r .git\n"
    lines = ignored(tmp_path, text, {".env": "A=b"})
    assert "**/.env" in lines
    assert "**/node_modules" in lines


def test_sources_that_are_called_target_are_sent(tmp_path: Path) -> None:
    files = {"Cargo.toml": "", "src/target/mod.rs": "", "tool/Cargo.toml": ""}
    text = 'FROM rust:1\nWORKDIR /app\nCOPY . .\nRUN cargo build\nCMD ["target/release/x"]\n'
    lines = ignored(tmp_path, text, files)
    assert "**/target" not in lines
    assert {"target", "tool/target"} <= set(lines)
    again = better(tmp_path, text, files | {".dockerignore": "**/target\n"})
    assert "tool/target" not in again.files.get(".dockerignore", "")


@pytest.mark.parametrize(("name", "text"), [
    ("Makefile", "V := $(shell git describe --tags)\n"),
    ("package.json", '{"scripts": {"build": "echo $(git rev-parse HEAD)"}}'),
    ("build.gradle", 'commandLine "git", "rev-parse", "HEAD"\n'),
])  # fmt: skip
def test_history_that_a_build_asks_is_sent(tmp_path: Path, name: str, text: str) -> None:
    lines = ignored(tmp_path, "FROM golang:1\nCOPY . .\nRUN make\n", {name: text})
    assert ".git" not in lines
    assert "**/.env" in lines


def test_what_leaves_files_out_beside_a_dockerfile_elsewhere(tmp_path: Path) -> None:
    """BuildKit reads it in place of the context's own."""
    (tmp_path / "d").mkdir()
    (tmp_path / "context").mkdir()
    (tmp_path / "context" / ".env").write_text("A=b")
    text, path = "FROM node:22\nCOPY . .\n", "../d/Dockerfile"
    (tmp_path / "d" / "Dockerfile").write_text(text)
    (tmp_path / "d" / "Dockerfile.dockerignore").write_text("dist\n")
    file = Dockerfile(path, str(tmp_path / "context"), Settings(), lambda one: one)
    assert mended(file, text).files == {f"{path}.dockerignore": "dist\n.git\n**/.env\n"}


def test_a_link_in_its_place_is_neither_shown_nor_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A project must not get a file of this machine into a patch or a request."""
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "secret").write_text("hunter2\n")
    (project / ".dockerignore").symlink_to("../secret")
    (project / "Dockerfile").write_text("FROM node:22\nCOPY . .\n")
    main(["fix", "fs", str(project), "--habits", "--offline", "--skip-db-update", "--diff",
          "--write", "-q", "--cache-dir", str(tmp_path / "cache")])  # fmt: skip
    assert "hunter2" not in capsys.readouterr().out
    assert (project / ".dockerignore").is_symlink()
    done = better(project, "FROM node:22\nCOPY . .\n", {})
    assert done.files == {}
    assert any(".dockerignore is a link" in one for one in done.advice)


def test_the_ends_of_lines_of_a_dockerignore_stay(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_bytes(b"dist\r\ntmp")
    done = better(tmp_path, "FROM node:22\nCOPY . .\n", {".env": "A=b"})
    assert done.files[".dockerignore"] == "dist\r\ntmp\r\n.git\r\n**/.env\r\n"


def test_lines_end_as_they_did(tmp_path: Path) -> None:
    text = "FROM node:22\r\nWORKDIR /app\r\nCMD node x.js\r\nLABEL a=b\r\n"
    done = better(tmp_path, text, {})
    assert 'CMD ["node", "x.js"]' in done.text
    assert "USER node" in done.text
    assert done.text.count("\n") == done.text.count("\r\n") == 5


LINES = (
    "WORKDIR /app", "WORKDIR /usr/src/app", "USER app", "COPY . .", "COPY *.py ./", "EXPOSE 8080",
    "COPY requirements.txt .", "COPY package*.json ./", "RUN npm ci", "RUN pip install -r requirements.txt",
    "RUN apt-get update && \\\n    # tools\n    apt-get install -y gcc git", "RUN apk add g++", "VOLUME /data",
    "RUN pip install -U pip && pip install a", "RUN useradd -m app", "ENV DATA_DIR=/srv/data", "ARG V=1",
    "RUN CGO_ENABLED=0 go build -o /x .", 'ENTRYPOINT ["/x"]', 'CMD ["python", "main.py"]',
    "CMD node x.js", "ONBUILD RUN x", "RUN <<E\napt-get install -y curl\nE", "HEALTHCHECK CMD curl x",
)  # fmt: skip
FROMS = ("python:3.11-slim", "python:3.12-alpine", "node:22-slim", "golang:1.23", "debian:12",
         "eclipse-temurin:21-jdk")  # fmt: skip
_stages = st.lists(
    st.tuples(st.sampled_from(FROMS), st.lists(st.sampled_from(LINES), max_size=8)),
    min_size=1, max_size=2,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_stages, st.sampled_from(["\n", "\r\n"]))
def test_of_any_lines_a_second_run_changes_nothing(
    tmp_path: Path, stages: list[tuple[str, list[str]]], end: str
) -> None:
    text = "".join(f"FROM {base}\n" + "".join(f"{line}\n" for line in lines)
                   for base, lines in stages).replace("\n", end)  # fmt: skip
    files = FILES | manifest() | {"x.js": "", ".env": "A=b"}
    done = better(tmp_path, text, files)
    again = better(tmp_path, done.text, files | dict(done.files))
    for name in done.files:
        (tmp_path / name).unlink()
    assert again.text == done.text
    assert again.mended == ()
    assert done.text.count(end) == done.text.count("\n")
