"""Every pipeline that `ci init` writes, judged by the linters of its system."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands import run
from pratique.cli import main
from pratique.model.ci_system import System
from pratique.plugins import load

SYSTEMS = {system.name: system for system in load("pratique.ci", System)}
SCHEMAS = {
    "github": "github-workflows", "gitlab": "gitlab-ci", "azure": "azure-pipelines",
    "circleci": "circle-ci", "bitbucket": "bitbucket-pipelines", "drone": "drone-ci",
}  # fmt: skip
OPTIONS = {
    "plain": (),
    "named": ("--name", "registry.example:5000/team/app:1.0", "--file", "docker/app.Dockerfile",
              "--context", "docker", "--policy", "gates/strict.yaml"),
    "numbers": ("--name", "123", "--policy", "cis"),
    "words of YAML": ("--name", "null", "--file", "yes", "--context", "on"),
}  # fmt: skip
every_system = pytest.mark.parametrize("name", SYSTEMS)
every_option = pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gates").mkdir()
    (tmp_path / "gates/strict.yaml").write_text("use: strict\n")
    return tmp_path


def written(name: str, *options: str) -> Path:
    assert main(["ci", "init", name, *options]) == 0
    return Path(SYSTEMS[name].path)


def tool(name: str) -> str:
    """Give the path of a linter, of the development group or of the machine; skip without."""
    places = [str(Path(sys.executable).parent), os.environ["PATH"], str(Path.home() / "go/bin")]
    found = shutil.which(name, path=os.pathsep.join(places))
    return found or pytest.skip(f"needs {name}")


def judge(*command: str | Path, text: str | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, input=text)
    assert done.returncode == 0, done.stdout + done.stderr


def scripts(name: str, path: Path) -> Iterator[str]:
    """Yield the shell scripts of a pipeline."""
    text = path.read_text()
    if name == "jenkins":
        yield from re.findall(r"sh '''(.*?)'''", text, re.DOTALL)
        yield from re.findall(r"sh '([^'\n]+)'", text)
        return
    stack = [yaml.safe_load(text)]
    while stack:
        part = stack.pop()
        stack += part if isinstance(part, list) else part.values() if isinstance(part, dict) else ()
        if isinstance(part, dict):
            for key in ("run", "script", "command", "commands", "after_script"):
                if isinstance(part.get(key), str):
                    yield part[key]
                elif isinstance(part.get(key), list):
                    yield "\n".join(part[key])


@pytest.mark.parametrize("name", SCHEMAS)
@every_option
def test_a_pipeline_follows_the_schema_of_its_system(name: str, options: tuple[str, ...]) -> None:
    # the schema of Azure has patterns that only Python's own expressions take
    judge(tool("check-jsonschema"), "--regex-variant", "nonunicode",
          "--builtin-schema", f"vendor.{SCHEMAS[name]}", written(name, *options))  # fmt: skip


@every_option
def test_the_workflow_passes_actionlint_with_shellcheck(options: tuple[str, ...]) -> None:
    judge(tool("actionlint"), "-shellcheck", tool("shellcheck"), written("github", *options))


def test_all_actions_are_pinned_and_nothing_needs_a_secret() -> None:
    text = written("github").read_text()
    used = re.findall(r"uses: (\S+)", text)
    assert len(used) == 6
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one) for one in used)
    assert "secrets." not in text
    assert "pull_request_target" not in text


def test_pre_commit_takes_its_configuration() -> None:
    judge(tool("pre-commit"), "validate-config", written("pre-commit"))


@pytest.mark.parametrize("name", [name for name in SYSTEMS if name != "pre-commit"])
@every_option
def test_shell_steps_are_sound(name: str, options: tuple[str, ...]) -> None:
    found = list(scripts(name, written(name, *options)))
    assert any("pratique image" in script for script in found)
    for script in found:
        plain = re.sub(r"\$\{\{.*?\}\}|\$\([a-z.]+\)", "x", script)  # the system's, not the shell's
        judge("bash", "-n", text=plain)
        # SC2148: the shell is said by -s; SC1091: .venv is made by the script itself
        judge(tool("shellcheck"), "-s", "bash", "-e", "SC2148,SC1091", "-", text=plain)


@every_system
def test_names_arrive_as_they_are(name: str) -> None:
    text = written(name, *OPTIONS["named"]).read_text()
    if name == "pre-commit":
        pytest.skip("it builds no image")
    assert "gates/strict.yaml" in text
    assert "registry.example:5000/team/app:1.0" in text
    lines = (line.strip("- ") for line in text.replace("'", "").splitlines())
    for words in (shlex.split(line) for line in lines if "docker build" in line):
        name_on = words[words.index("-t") + 1 :]
        assert name_on == [
            "registry.example:5000/team/app:1.0",
            "-f",
            "docker/app.Dockerfile",
            "docker",
        ]


@every_option
def test_the_jenkinsfile_is_balanced_and_declarative(options: tuple[str, ...]) -> None:
    text = written("jenkins", *options).read_text()
    assert text.count("'''") == 2
    code = re.sub(r"'''.*?'''|'[^'\n]*'|\"[^\"\n]*\"|//[^\n]*", "", text, flags=re.DOTALL)
    assert "'" not in code
    depth = 0
    for character in code:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    # https://www.jenkins.io/doc/book/pipeline/syntax/: what a declarative pipeline must have
    assert re.match(r"\s*pipeline\s*\{\s*agent any\s", code)
    for stage in code.split("stage(")[1:]:
        assert re.match(r"\)\s*\{\s*steps\s*\{", stage)
    assert re.search(r"post\s*\{\s*always\s*\{", code)


def test_the_task_of_tekton_is_held_to_our_own_checks(tmp_path: Path) -> None:
    task = yaml.safe_load(written("tekton", *OPTIONS["numbers"]).read_text())
    assert task["apiVersion"] == "tekton.dev/v1"
    assert all(isinstance(p["default"], str) for p in task["spec"]["params"])
    [step] = task["spec"]["steps"]
    # what Tekton makes of it: a step is a container of the pod
    container = {k: v for k, v in step.items() if k not in ("script", "workingDir")}
    container["resources"] = container.pop("computeResources")
    container["image"] += "@sha256:" + "0" * 64
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "task", "namespace": "ci"},
           "spec": {"containers": [container], "volumes": task["spec"]["volumes"],
                    "automountServiceAccountToken": False}}  # fmt: skip
    manifest = tmp_path / "pod.yaml"
    manifest.write_text(yaml.safe_dump(pod))
    document = json.loads(run("config", str(manifest), "-f", "json", "-q").stdout)
    failures: list[Any] = [m for r in document["Results"] for m in r.get("Misconfigurations", ())]
    assert [(m["ID"], m["Message"]) for m in failures] == []


def test_one_that_is_there_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("Jenkinsfile").write_text("mine")
    assert main(["ci", "init", "jenkins"]) == 2
    assert "Jenkinsfile: is there already" in capsys.readouterr().err
    assert Path("Jenkinsfile").read_text() == "mine"
    assert main(["ci", "init", "jenkins", "--stdout"]) == 0
    assert capsys.readouterr().out.startswith("// Builds the image")
    assert Path("Jenkinsfile").read_text() == "mine"
    assert main(["ci", "init", "jenkins", "--force"]) == 0
    assert "docker build" in Path("Jenkinsfile").read_text()


def test_a_folder_that_cannot_be_made_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".github").write_text("a file")
    assert main(["ci", "init", "github"]) != 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "cannot be written" in said


@pytest.mark.parametrize("found", ["Dockerfile", "Containerfile", "docker/Dockerfile"])
def test_the_dockerfile_is_found(found: str) -> None:
    Path(found).parent.mkdir(exist_ok=True)
    Path(found).write_text("FROM scratch\n")
    assert f"-f {found} ." in written("circleci").read_text()


@pytest.mark.parametrize("option", ["--name", "--file", "--context", "--policy"])
@pytest.mark.parametrize("value", [
    "app; id", "$(id)", "`id`", "a b", "app'", 'app"', "app\nid", "app:", "", "ä", "${{ x }}", "{x}",
    "#", "&x", "*x", "@x", "!x", "\x1b[31m", "a\\b", "a|b",
])  # fmt: skip
def test_names_that_a_shell_or_yaml_would_take_apart_are_refused(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if option == "--file" and not value:
        pytest.skip("means the one that is found")
    assert main(["ci", "init", "github", f"{option}={value}"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "\x1b" not in said
    assert not Path(SYSTEMS["github"].path).exists()


@pytest.mark.parametrize("words", [
    ["ci"], ["ci", "init"], ["ci", "init", "hudson"], ["ci", "write", "github"],
    ["ci", "init", "github", "--policy", "strikt"], ["ci", "init", "github", "--name=-v"],
])  # fmt: skip
def test_nonsense_is_a_usage_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "Traceback" not in capsys.readouterr().err
