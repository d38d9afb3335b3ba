"""The parser beside examples, BuildKit's own parser, and whatever hypothesis thinks of."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.codecs.dockerfile.build import build
from pratique.codecs.dockerfile.instructions import Instruction, parse
from pratique.errors import MalformedError
from pratique.model.check import Check
from pratique.plugins import load

EXAMPLES = sorted((Path(__file__).parents[1] / "checks" / "dockerfile").glob("*/*/Dockerfile"))


def only(text: str) -> Instruction:
    [found] = parse(text).instructions
    return found


def test_continuation_lines_with_comments_and_empty_lines() -> None:
    one = only("run apt-get \\\n  # why\n\n  update \\  \n && x\n")
    assert (one.name, one.rest, one.start, one.end) == ("RUN", "apt-get   update  && x", 1, 5)
    offsets = {word.text: one.place(word.start) for word in one.words()}
    assert offsets == {"apt-get": (1, 4), "update": (4, 2), "&&": (5, 1), "x": (5, 4)}


def test_an_escaped_escape_does_not_continue() -> None:
    assert [one.rest for one in parse("RUN a \\\\\nRUN b").instructions] == ["a \\\\", "b"]


def test_directives() -> None:
    parsed = parse("# syntax = docker/dockerfile:1\n# ESCAPE=`\n# check=skip=all\nRUN a `\n b\\\n")
    assert parsed.directives == {
        "syntax": "docker/dockerfile:1", "escape": "`", "check": "skip=all",
    }  # fmt: skip
    assert [one.rest for one in parsed.instructions] == ["a  b\\"]


@pytest.mark.parametrize("above", ["# a comment\n", "\n", "# unknown=x\n"])
def test_a_directive_after_anything_else_is_a_comment(above: str) -> None:
    assert parse(above + "# escape=`\nRUN a `\nRUN b").instructions[0].rest == "a `"


def test_windows_paths_are_kept_where_the_backtick_escapes() -> None:
    one = parse("# escape=`\nCOPY C:\\a\\b `\n C:\\c").instructions[0]
    assert [word.text for word in one.words()] == ["C:\\a\\b", "C:\\c"]


def test_heredocs() -> None:
    one = only('RUN <<A 3<<-"B C" cat\n$x \\\nA\n\tb\n\tB C\n')
    assert [(h.name, h.text, h.start, h.expand) for h in one.heredocs] == [
        ("A", "$x \\\n", 2, True), ("B C", "\tb\n", 4, False),
    ]  # fmt: skip
    assert one.end == 5


def test_what_only_looks_like_a_heredoc() -> None:
    assert only("RUN cat <<< x").heredocs == ()
    assert only('RUN ["cat", "<<EOF"]').heredocs == ()
    assert only("RUN echo '<<EOF'").heredocs == ()
    assert only("LABEL a=<<EOF").heredocs == ()


def test_flags() -> None:
    one = only("COPY --from=a --chown=1:2 --link a b")
    assert one.flags == (("from", "a"), ("chown", "1:2"), ("link", ""))
    assert one.rest == "a b"


def test_forms() -> None:
    assert only('CMD [ "a b", "c" ]').exec == ("a b", "c")
    assert only("CMD ['a']").exec is None
    assert only('CMD ["a", 1]').exec is None
    assert only('ENV ["a", "b"]').exec is None


def test_onbuild() -> None:
    one = only("ONBUILD  COPY --from=a b c")
    assert (one.name, one.onbuild, one.flag("from"), one.rest) == ("COPY", True, "a", "b c")


def test_carriage_returns_and_a_byte_order_mark() -> None:
    found = parse("\ufeffFROM a\r\nRUN x \\\r\n y\r\nRUN <<E\r\nz\r\nE\r\n").instructions
    assert [one.rest for one in found] == ["a", "x  y", "<<E"]
    assert found[2].heredocs[0].text == "z\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it has no instructions"),
        ("# only\n\n", "it has no instructions"),
        ("FROM a\nRUM x", "line 2: unknown instruction 'RUM'"),
        ("FROM a\nRUN <<E\nx\n", "line 2: the here-document 'E' has no end"),
        ("# escape=x\nFROM a", "line 1: the escape must be \\ or `, not 'x'"),
        ("# syntax=a\n# syntax=b\nFROM a", "line 2: only one directive 'syntax' can be used"),
        ("FROM", "line 1: FROM needs an argument"),
        ("FROM a b", "line 1: FROM takes an image and `AS name`"),
        ("RUN x\nFROM a", "line 1: RUN before the first FROM"),
        ("ARG a", "it has no FROM"),
        ("FROM a\n" + "#" * (1 << 20), "it has more than 1048576 characters"),
    ],
)
def test_what_cannot_be_built_has_a_reason(text: str, reason: str) -> None:
    with pytest.raises(MalformedError) as error:
        build(parse(text))
    assert error.value.reason == reason


PIECES = st.sampled_from([
    "FROM a", "RUN ", "COPY ", "\n", "\\\n", "<<EOF", "EOF", "<<-'E'", "\nE\n", '["a", "b"]', "--mount=type=x,y", " ",
    "$(", "${a:-", "}", "`", "'", '"', "\\", "#", "|", "&&", ";", "case x in", "esac", "for", "(", ")", "bash -c", "ARG a=b",
    "ENV a ", "=", "WORKDIR ", "USER $a", "EXPOSE ", "HEALTHCHECK ", "CMD ", "\t", "é", "\x00", "sudo -u", "find . -exec ",
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_nothing_but_malformed(text: str) -> None:
    try:
        made = build(parse("FROM x\n" + text))
    except MalformedError:
        return
    for step in made.steps:
        assert 1 <= step.start <= step.end <= len(made.parsed.lines)
    for one in made.parsed.instructions:
        assert 1 <= one.start <= one.end <= len(made.parsed.lines)


@pytest.mark.parametrize("text", ["$(" * 200_000, "${" * 200_000, "'" * 400_001, '"a' * 100_001, "( " * 100_000,
                                  "\\\n" * 100_000, "a|" * 100_000, "$(a " * 50_000, "<<A " * 50_000])  # fmt: skip
def test_hostile_lines_are_read_once(text: str) -> None:
    try:
        build(parse("FROM x\nRUN " + text))
    except MalformedError as error:
        assert "here-document" in error.reason or "more than" in error.reason  # noqa: PT017


@pytest.mark.parametrize("text", ["ENV a=$a$a\n" * 4000, "".join(f"ENV a{n}=$a{n - 1}\n" for n in range(4900)),
                                  "".join(f"FROM x{n} AS x{n + 1}\nWORKDIR a\n" for n in range(499)), "COPY a $b\n" * 4900,
                                  "RUN x\n" * 5001, "FROM x\n" * 501, "RUN " + "curl a;" * 9000])  # fmt: skip
def test_hostile_files_are_judged_or_refused(text: str) -> None:
    try:
        made = build(parse("FROM x0\nENV a=b\n" + text))
    except MalformedError as error:
        assert "more than" in error.reason  # noqa: PT017
        return
    for check in load("pratique.checks.dockerfile", Check):
        for _ in check.judge(made):
            pass


def compared(text: str) -> None:
    """Hold a text against BuildKit's parser."""
    oracle = pytest.importorskip("dockerfile", reason="BuildKit's parser is not installed")
    try:
        theirs = oracle.parse_string(text)
    except oracle.GoParseError:
        return
    try:
        ours = parse(text).instructions
    except MalformedError as error:  # which instructions there are is looked at later, there
        assert "instruction" in error.reason or "needs an argument" in error.reason  # noqa: PT017
        return
    assert [(one.start, one.end) for one in ours] == [(c.start_line, c.end_line) for c in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert one.name == (other.sub_cmd or other.cmd)
        assert one.onbuild == (other.sub_cmd is not None)
        if one.name != "HEALTHCHECK":  # what follows its CMD is JSON
            assert (one.exec is not None) == other.json
        assert tuple(h.text for h in one.heredocs) == tuple(h.content for h in other.heredocs)
        assert [key for key, _ in one.flags] == [
            f[2:].partition("=")[0].lower() for f in other.flags
        ]
        if one.exec is not None:
            assert one.exec == other.value
        elif one.name in ("RUN", "CMD", "ENTRYPOINT") and not one.onbuild:
            assert (one.rest,) == other.value


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_examples_as_buildkit_reads_them(path: Path) -> None:
    compared(path.read_text())


LINES = st.sampled_from([
    "RUN a \\", "  b", "# comment", "", "RUN <<EOF", "EOF", "\tEOF", "COPY <<A <<-B /x/", "A", "B", "x", "ENV a=b c='d e'",
    "ENV a b", 'CMD ["a", "b"]', "CMD [a]", "ONBUILD RUN x", "COPY --from=a --link b c", "RUN --mount=type=x y \\", "\\",
    "RUN a \\\\", "EXPOSE 80", "   ", "WORKDIR /a\\ b", "RUN echo '<<EOF'", "RUN cat <<'EOF'", 'LABEL a="b\\', 'c"', 'RUN <<""',
])  # fmt: skip


@given(st.lists(LINES, max_size=12).map("\n".join))
@settings(max_examples=300, deadline=None)
def test_lines_as_buildkit_reads_them(text: str) -> None:
    compared("FROM x\n" + text)
