"""What an image starts, by its configuration, and whether it is there still."""

from __future__ import annotations

from typing import Any

import pytest

from pratique.patch.entrypoint import lost
from pratique.patch.root import Node, Root


def root_of(**links: str) -> Root:
    root = Root()
    for path in ("usr", "usr/bin", "opt", "opt/app"):
        root.nodes[path] = Node("directory", 0o755, 0, 0, 0)
    for path in ("usr/bin/python3.11", "opt/app/start"):
        root.nodes[path] = Node("file", 0o755, 0, 0, 0)
    every = {"usr/bin/python": "python3.11", "bin": "usr/bin", "usr/bin/run": "/opt/app/start",
             "usr/bin/loop": "loop", **links}  # fmt: skip
    for path, link in every.items():
        root.nodes[path] = Node("symlink", 0o777, 0, 0, 0, link=link)
    return root


@pytest.mark.parametrize(
    ("config", "removed", "program"),
    [
        ({"Cmd": ["python", "x.py"]}, "usr/bin/python3.11", "python"),
        ({"Cmd": ["python", "x.py"]}, "usr/bin/python", "python"),
        ({"Cmd": ["python", "x.py"]}, "usr/bin/other", ""),
        ({"Entrypoint": ["/bin/run"], "Cmd": ["python"]}, "opt/app", "/bin/run"),
        ({"Entrypoint": ["/bin/run"], "Cmd": ["python"]}, "usr/bin/python", ""),
        ({"Entrypoint": ["./start"], "WorkingDir": "/opt/app"}, "opt/app/start", "./start"),
        ({"Cmd": ["start"], "Env": ["PATH=/opt/app"]}, "opt/app/start", "start"),
        ({"Cmd": ["loop"]}, "usr/bin/loop", ""),
        ({"Cmd": ["nothing"]}, "usr/bin/nothing", ""),
        ({"Cmd": "a text"}, "usr", ""),
        ({}, "usr", ""),
    ],
)
def test_what_is_started(config: dict[str, Any], removed: str, program: str) -> None:
    assert lost({"config": config}, root_of(), [removed]) == program


def test_no_configuration() -> None:
    assert not lost({}, root_of(), ["usr"])
    assert not lost({"config": None}, root_of(), ["usr"])
