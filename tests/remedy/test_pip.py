"""Requirements files: pins, hashes, includes, constraints; untouched lines stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from pratique.errors import MalformedError
from pratique.remedy.pip import requirements
from projects import Memory, bump, refuse

PATH = "requirements.txt"
OLD, NEW, OTHER = "a" * 64, "b" * 64, "c" * 64


def apply(project: Memory, *names: tuple[str, str, str]) -> list[str]:
    return list(requirements.apply(project, PATH, [bump(*one, PATH) for one in names]))


def fine(_words: object) -> str:
    return ""


@pytest.mark.parametrize(("before", "after"), [
    ("Flask==2.0.1\n", "Flask==2.0.3\n"),
    ("  flask == 2.0.1   # web\r\n", "  flask == 2.0.3   # web\r\n"),
    ("FLASK[async, dotenv]==2.0.1 ; python_version >= '3'", "FLASK[async, dotenv]==2.0.3 ; python_version >= '3'"),
    ("flask>=1,==2.0.1", "flask>=1,==2.0.3"),
    ("flask ===2.0.1\n", "flask ===2.0.3\n"),
    ("flask (==2.0.1)\n", "flask (==2.0.3)\n"),
])  # fmt: skip
def test_the_version_alone_is_changed(before: str, after: str) -> None:
    around = "# flask==2.0.1\nflask-cors==2.0.1\n-i https://x/\n{}\nJinja2==3.0.1 # flask==2.0.1\n"
    project = Memory({PATH: around.format(before)}, {"uv": fine})
    assert apply(project, ("Flask", "2.0.1", "2.0.3")) == []
    assert project.texts[PATH] == around.format(after)


def page(*files: tuple[str, str]) -> bytes:
    return json.encode({"files": [{"filename": n, "hashes": {"sha256": d}} for n, d in files]})


def test_hashes_are_those_of_every_file_of_the_new_version() -> None:
    files = (
        ("six-1.16.0.tar.gz", OTHER),
        ("six-1.16.0-py3-none-any.whl", NEW),
        ("six-1.15.0.tar.gz", OLD),
    )
    text = (
        f"six==1.15.0 \\\n    --hash=sha256:{OLD}\n    # via x\nurllib3==1.0 --hash=sha256:{OLD}\n"
    )
    project = Memory({PATH: text}, {"uv": fine}, {"/six/": page(*files)})
    apply(project, ("six", "1.15.0", "1.16.0"))
    assert project.texts[PATH] == (
        f"six==1.16.0 \\\n    --hash=sha256:{NEW} \\\n    --hash=sha256:{OTHER}\n    # via x\n"
        f"urllib3==1.0 --hash=sha256:{OLD}\n"
    )


def test_an_index_without_digests_is_an_error() -> None:
    text = f"six==1.15.0 --hash=sha256:{OLD}\n"
    html = b'<a href="https://x/six-1.16.0.tar.gz">six-1.16.0.tar.gz</a>'
    with pytest.raises(MalformedError, match=r"no digests of six 1\.16\.0"):
        apply(Memory({PATH: text}, {"uv": fine}, {"/six/": html}), ("six", "1.15.0", "1.16.0"))


def test_constraints_and_what_it_was_compiled_from_follow() -> None:
    texts = {PATH: "-c limits.txt\nflask==2.0.1\n", "limits.txt": "flask==2.0.1\n",
             "requirements.in": "flask==2.0.1\nx\n"}  # fmt: skip
    project = Memory(texts, {"uv": fine})
    apply(project, ("flask", "2.0.1", "2.0.3"))
    assert project.texts["limits.txt"] == "flask==2.0.3\n"
    assert project.texts["requirements.in"] == "flask==2.0.3\nx\n"


def test_versions_that_do_not_go_together_are_an_error_only_where_the_others_did() -> None:
    def judge(_words: object) -> str:
        return refuse(()) if "2.0.3" in project.texts[PATH] else ""

    project = Memory({PATH: "flask==2.0.1\n"}, {"uv": judge})
    with pytest.raises(MalformedError, match="do not go together"):
        apply(project, ("flask", "2.0.1", "2.0.3"))
    project = Memory({PATH: "flask==2.0.1\n"}, {"uv": refuse})
    [remark] = apply(project, ("flask", "2.0.1", "2.0.3"))
    assert remark.startswith("not checked that the versions go together")
    assert project.texts[PATH] == "flask==2.0.3\n"


@given(st.text(max_size=300))
def test_any_text_but_the_pin_is_kept(text: str) -> None:
    project = Memory({PATH: text + "\n\nzzz-a==1\n"}, {"uv": fine})
    apply(project, ("zzz.a", "1", "2"))
    assert project.texts[PATH] == text + "\n\nzzz-a==2\n"


def test_a_pin_that_a_new_version_needs_higher_is_raised_too() -> None:
    def uv(words: Sequence[str]) -> str:
        text = project.texts[words[-1]]
        if "--resolution" in words:
            assert text == "flask==3.1.3\nmarkupsafe>=2.0.1\nsix>=1.0\n"
            return "flask==3.1.3\nmarkupsafe==2.1.1\nsix==1.5\n"
        if "flask==3.1.3" in text and "2.0.1" in text:
            raise MalformedError("uv: flask>=3.1.3 depends on markupsafe>=2.1.1")
        return ""

    project = Memory({PATH: "flask==2.0.1\nMarkupSafe==2.0.1 # why\nsix==1.0\n"}, {"uv": uv})
    [remark] = apply(project, ("flask", "2.0.1", "3.1.3"))
    assert remark == "also raised, for these need it: markupsafe 2.1.1"
    assert project.texts[PATH] == "flask==3.1.3\nMarkupSafe==2.1.1 # why\nsix==1.0\n"


def test_an_index_that_lies_is_an_error() -> None:
    text = f"six==1.15.0 --hash=sha256:{OLD}\n"
    project = Memory({PATH: text}, {"uv": fine}, {"/six/": b'{"files": 3}'})
    with pytest.raises(MalformedError, match="is no page of a package index"):
        apply(project, ("six", "1.15.0", "1.16.0"))
    with pytest.raises(MalformedError, match="is no page of a package index"):
        requirements.versions(project, PATH, "six")


def test_versions_that_are_withdrawn_are_not_there() -> None:
    files = [{"filename": "six-1.0.tar.gz", "yanked": "broken"}, {"filename": "six-1.1.tar.gz"},
             {"filename": "six-1.2-py3-none-any.whl", "yanked": False}]  # fmt: skip
    project = Memory({}, urls={"/six/": json.encode({"files": files})})
    assert requirements.versions(project, PATH, "six") == ["1.1", "1.2"]
    html = b'<a href="#" data-yanked="">six-1.0.zip</a><A class=x href="y">six-1.1.zip</A>'
    assert requirements.versions(Memory({}, urls={"/six/": html}), PATH, "Six") == ["1.1"]
