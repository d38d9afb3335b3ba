from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pratique.errors import MalformedError
from pratique.secrets.go_pattern import translated

CASES = [
    (r"(?i)foo(?P<secret>[[:alnum:]]{4})$", ["FOOab12", "fooab12\n", "xfooABCD"]),
    (r"a(?i)b|c", ["ab", "aB", "C", "ac"]),
    (r"\Qa.b\E\z", ["a.b", "axb", "a.b\n"]),
    (r"x{,5}", ["x{,5}", "xxx"]),
    (r"[]a-c]+", ["]", "abc", "d"]),
    (r"(?:a|(?i)b)c", ["ac", "Bc", "AC"]),
    (r"(?s).\x{41}", ["\nA", "xA", "xB"]),
    (r"(?m)^key$", ["a\nkey\nb", "key", "keys"]),
    (r"^key$", ["a\nkey\nb", "key", "key\n"]),
    (r"é+", ["éé", "e"]),
    (r"[^[:space:]\]]{3}", ["abc", "a ]"]),
    (r"(?-i)A(?i:b)c", ["Abc", "ABc", "aBC"]),
    (r"\a?\v?z\07?", ["z", "\x07z", "\x0bz"]),
    (r"(a|b(?i)c|d)e", ["ae", "bCe", "De", "ce"]),
]


@pytest.mark.parametrize(
    "pattern",
    [r"a(?=b)", r"(?<!x)a", r"(a)\1", r"\pL", r"(?U)a+", "a++", "a**", "(", "a)", "[a", "\\", "a{2}{3}",
     "[[:nope:]]", r"(?>a)", r"\Ga", "[z-a]"],
)  # fmt: skip
def test_what_go_or_re_does_not_know_is_refused_with_the_reason(pattern: str) -> None:
    with pytest.raises(MalformedError) as refused:
        translated(pattern)
    assert len(refused.value.reason) > len(pattern)


def test_the_group_of_the_secret_is_renamed() -> None:
    assert translated(r"k=(?P<value>\w+)", "value") == r"k=(?P<secret>\w+)"
    with pytest.raises(MalformedError, match="no group 'value'"):
        translated(r"k=(\w+)", "value")


@pytest.mark.parametrize(("pattern", "texts"), CASES)
def test_a_translated_pattern_matches_as_in_go(pattern: str, texts: list[str]) -> None:
    ours = re.compile(translated(pattern).encode())
    answers = [ours.search(text.encode()) is not None for text in texts]
    assert answers == EXPECTED[pattern]


EXPECTED: dict[str, list[bool]] = {
    CASES[0][0]: [True, False, True],
    CASES[1][0]: [True, True, True, True],
    CASES[2][0]: [True, False, False],
    CASES[3][0]: [True, False],
    CASES[4][0]: [True, True, False],
    CASES[5][0]: [True, True, False],
    CASES[6][0]: [True, True, False],
    CASES[7][0]: [True, True, False],
    CASES[8][0]: [False, True, False],
    CASES[9][0]: [True, False],
    CASES[10][0]: [True, False],
    CASES[11][0]: [True, True, False],
    CASES[12][0]: [True, True, True],
    CASES[13][0]: [True, True, True, False],
}


PROGRAM = """package main
import ("bufio"; "fmt"; "os"; "regexp"; "strconv")
func main() {
	lines := bufio.NewScanner(os.Stdin)
	var pattern *regexp.Regexp
	for lines.Scan() {
		text, _ := strconv.Unquote(lines.Text()[1:])
		if lines.Text()[0] == 'P' { pattern = regexp.MustCompile(text) } else { fmt.Println(pattern.MatchString(text)) }
	}
}
"""


def test_go_itself_says_so(tmp_path: Path) -> None:
    if not shutil.which("go"):
        pytest.skip("no Go here")
    (tmp_path / "main.go").write_text(PROGRAM)
    lines, expected = [], []
    for pattern, texts in CASES:
        lines += ["P" + quoted(pattern), *("T" + quoted(text) for text in texts)]
        expected += EXPECTED[pattern]
    asked = subprocess.run(
        ["go", "run", str(tmp_path / "main.go")], input="\n".join(lines), capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert asked.stdout.split() == ["true" if one else "false" for one in expected]


def quoted(text: str) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in text.encode()) + '"'
