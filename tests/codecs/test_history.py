from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.history import Line, read_line


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ('/bin/sh -c #(nop)  CMD ["bash"]', Line("CMD", '["bash"]', {})),
        ("/bin/sh -c #(nop) ADD file:01ab in / ", Line("ADD", "file:01ab in /", {})),
        ("/bin/sh -c apt-get update", Line("RUN", "apt-get update", {})),
        ("RUN /bin/sh -c make # buildkit", Line("RUN", "make", {})),
        ("RUN /bin/bash -o pipefail -c a | b # buildkit", Line("RUN", "a | b", {})),
        ("COPY . /app # buildkit", Line("COPY", ". /app", {})),
        ("ENV A=b", Line("ENV", "A=b", {})),
        ("EXPOSE map[80/tcp:{}]", Line("EXPOSE", "map[80/tcp:{}]", {})),
        ("|1 A=b /bin/sh -c make", Line("RUN", "make", {"A": "b"})),
        (
            "RUN |2 A=b c B=https://x/y /bin/sh -c make all # buildkit",
            Line("RUN", "make all", {"A": "b c", "B": "https://x/y"}),
        ),
        ("RUN |1 A= /bin/sh -c make # buildkit", Line("RUN", "make", {"A": ""})),
        ("# debian.sh --arch 'amd64' out/ 'bookworm'", Line("", "# debian.sh --arch 'amd64' out/ 'bookworm'", {})),
        ("umoci config", Line("", "umoci config", {})),
        ("jib-maven-plugin:3.4.0", Line("", "jib-maven-plugin:3.4.0", {})),
        ("", Line("", "", {})),
    ],
)  # fmt: skip
def test_a_line_is_read_whichever_builder_wrote_it(written: str, line: Line) -> None:
    assert read_line(written) == line


@given(st.text("|123 A=b/binsh-cRUN#", max_size=80))
def test_no_line_is_too_odd(written: str) -> None:
    assert isinstance(read_line(written), Line)


def test_a_long_line_is_read_in_linear_time() -> None:
    assert read_line("|9999 " + "A=b " * 20_000).instruction == "RUN"
