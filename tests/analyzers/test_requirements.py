from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locks import locked
from pratique.analyzers.requirements import requirements
from pratique.codecs.requirement import pinned
from pratique.codecs.via_comments import needed_by
from reading import packages_of, read_as_far_as_possible, versions_of

Corpus = Callable[[str], Path]
TRIVY = "requirements/aquasecurity+trivy/pkg/dependency/parser/python/pip/testdata/"


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("a==1.0", "1.0"),
        ("  a == 1.0  ", "1.0"),
        ("a===1.0", "1.0"),
        ("a[x, y]==1.0", "1.0"),
        ("a (==1.0)", "1.0"),
        ("a==1.0 ; python_version < '3'", "1.0"),
        ("a==1.0;python_version<'3'", "1.0"),
        ("a==1.0 --hash=sha256:aa", "1.0"),
        ("a==1.0#comment", "1.0"),
        ("a>=1,==1.2", "1.2"),
        ("a==1.2, !=3", "1.2"),
        ("a==1!2.0+local.1", "1!2.0+local.1"),
    ],
)
def test_a_requirement_of_one_version_is_pinned(line: str, version: str) -> None:
    assert pinned(line) == ("a", version)


@pytest.mark.parametrize(
    "line",
    [
        "a",
        "a>=1.0",
        "a~=1.0",
        "a==1.*",
        "a>=1.0,<2",
        "a==${VERSION}",
        "a=='1.0'",
        "a{b}==1.0",
        "==1.0",
        "a @ https://e.org/a-1.0.whl",
        "a == 1.0 @ git+https://e.org/a",
        "-e git+https://e.org/a@v1#egg=a==1.0",
        "-r other.txt",
        "./a==1.0.whl",
        "foo,bar&&foobar==1.2.3",
        "a==1.0 ==",
        "# a==1.0",
    ],
)
def test_ranges_references_and_templates_are_not_pinned(line: str) -> None:
    assert pinned(line) is None


def test_a_continued_line_has_the_number_of_its_first() -> None:
    data = b"# one\n\na==1.0 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\nb==2\\\n"
    packages = packages_of(requirements, "requirements.txt", data)
    assert [(package.name, package.line) for package in packages] == [("a", 3), ("b", 6)]


def test_a_comment_ends_a_continued_line() -> None:
    data = b"a==1.0 \\\n# comment \\\nb==2\n"
    assert versions_of(packages_of(requirements, "r.txt", data)) == {"a": "1.0", "b": "2"}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("requirements_operator.txt", {"Django": "2.3.4", "SomeProject": "5.4"}),
        ("requirements_compatible.txt", {}),
        ("requirements_with_templating_engine.txt", {}),
        ("requirements_utf16le.txt", {"attrs": "20.3.0"}),
        ("requirements_hash.txt", {"FooProject": "1.2", "Jinja2": "3.0.0"}),
    ],
)
def test_real_files_are_read(corpus: Corpus, file: str, expected: dict[str, str]) -> None:
    packages = packages_of(requirements, file, corpus(TRIVY + file).read_bytes())
    assert versions_of(packages) == expected


def test_a_long_real_file_is_read(corpus: Corpus) -> None:
    path = "requirements/anchore+syft/syft/pkg/cataloger/python/testdata/requires/requirements.txt"
    packages = packages_of(requirements, "requirements.txt", corpus(path).read_bytes())
    found = [(package.name, package.version, package.line) for package in packages]
    assert len(found) == 10
    assert ("urllib3", "1.26.20", 2) in found
    assert ("argh", "0.26.2", 17) in found
    assert ("celery", "4.4.7", 24) in found


def test_a_binary_file_is_malformed() -> None:
    assert read_as_far_as_possible(requirements, "requirements.txt", b"\x7fELF\0\0")[1]


def included(path: str, data: bytes, **others: bytes) -> list[tuple[str, str, int]]:
    named = {name.replace("__", "/") + ".txt": text for name, text in others.items()}
    packages, error = read_as_far_as_possible(requirements, path, data, named)
    assert error == ""
    assert {package.path for package in packages} <= {path}
    return [(package.name, package.version, package.line) for package in packages]


def test_constraints_give_a_version_to_what_is_asked_for_without_one() -> None:
    data = b"-c pins.txt\nFlask_Login\nurllib3>=1\nsix==1.16.0\nunknown\n"
    pins = b"flask-login==0.6.3\nurllib3==2.0.7\nsix==1.15.0\nnot-asked-for==1.0\n"
    assert included("requirements.txt", data, pins=pins) == [
        ("flask-login", "0.6.3", 2), ("urllib3", "2.0.7", 3), ("six", "1.16.0", 4),
    ]  # fmt: skip


def test_a_constraint_has_the_digests_of_its_line() -> None:
    pins = b"a==1.0 --hash=sha256:" + b"ab" * 32
    others = {"pins.txt": pins}
    packages, _ = read_as_far_as_possible(
        requirements, "requirements.txt", b"-c pins.txt\na\n", others
    )
    assert [package.hashes for package in packages] == [("sha256:" + "ab" * 32,)]


def test_a_file_of_another_name_is_read_as_part_of_the_one_that_includes_it() -> None:
    assert included(
        "web/requirements.txt", b"-r ../deps/base.txt\nb==2\n",
        deps__base=b"a==1\n-r more.txt\n", deps__more=b"c==3\n-r base.txt\n",
    ) == [("a", "1", 1), ("c", "3", 1), ("b", "2", 2)]  # fmt: skip


def test_of_a_file_that_is_read_for_itself_only_what_is_constrained_here_is_taken() -> None:
    assert included(
        "requirements-dev.txt", b"-r requirements.txt\n-c pins.txt\n",
        requirements=b"a==1\nb\n", pins=b"b==2\n",
    ) == [("b", "2", 1)]  # fmt: skip


def test_constraints_may_include_constraints() -> None:
    others = {"pins": b"-c more.txt\na==1\n", "more": b"a==0\nb==2\n-c pins.txt\n"}
    assert included("requirements.txt", b"-c pins.txt\na\nb\n", **others) == [
        ("a", "1", 2), ("b", "2", 3),
    ]  # fmt: skip


def test_a_hundred_files_are_not_followed_without_end() -> None:
    others = {f"f{n}.txt": b"-r f%d.txt\n" % (n + 1) for n in range(100)}
    error = read_as_far_as_possible(requirements, "requirements.txt", b"-r f0.txt\n", others)[1]
    assert error.endswith("is not there")


def test_comments_of_pip_compile_tell_who_needs_what() -> None:
    """As pip-compile 7 writes them, with an older one's way for the last."""
    data = b"""#
# This file is autogenerated by pip-compile with Python 3.11
#
flask==2.2.2 \\
    --hash=sha256:%b
    # via
    #   -c constraints.txt
    #   -r requirements.in
jinja2==3.1.6
    # via flask
markupsafe==3.0.4
    # via
    #   jinja2
    #   werkzeug
werkzeug==3.1.9  # via flask, -r requirements.in
tool==1.0
    # via shop (pyproject.toml)
-e ./lib
    # via shop
numpy==1.26.4
    # via lib
# The following packages are considered to be unsafe in a requirements file:
setuptools==80.0
""" % (b"ab" * 32)
    packages = packages_of(requirements, "requirements.txt", data)
    assert {package.name: package.relation for package in packages} == {
        "flask": "direct", "jinja2": "indirect", "markupsafe": "indirect", "werkzeug": "direct",
        "tool": "direct", "numpy": "direct", "setuptools": "direct",
    }  # fmt: skip
    assert {package.name: package.depends for package in packages if package.depends} == {
        "flask": ("jinja2@3.1.6", "werkzeug@3.1.9"), "jinja2": ("markupsafe@3.0.4",),
        "werkzeug": ("markupsafe@3.0.4",),
    }  # fmt: skip


def test_a_real_export_of_uv_tells_what_needs_what() -> None:
    packages = locked("uv/requirements.txt")
    assert {id for id, one in packages.items() if one.relation == "direct"} == {
        "httpx@0.27.0", "pluggy@1.5.0",
    }  # fmt: skip
    assert packages["anyio@4.16.0"].depends == ("idna@3.20", "typing-extensions@4.16.0")


def test_without_such_comments_nothing_is_told() -> None:
    packages = packages_of(requirements, "requirements.txt", b"a==1  # pinned via hand\nb==2\n")
    assert {package.relation for package in packages} == {""}


@given(st.text("ab=1# via,-r\n(\\", max_size=60))
def test_any_comments_are_read(text: str) -> None:
    by = needed_by(text)
    assert {name for names in by.values() for name in names} <= {"", *by}
