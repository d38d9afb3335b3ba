"""Package managers themselves, asked in one process how they order many pairs of versions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from glob import glob
from pathlib import Path
from typing import NamedTuple

from ecosystems.neighbours import Families
from ecosystems.ordering import Key
from pratique.codecs import maven_version, rpmversion
from pratique.ecosystems import deb, nuget, packagist, pypi, rubygems, semver

Pair = tuple[str, str]
Compare = Callable[[Sequence[Pair]], list[str]]
"""`<`, `=` or `>` for each pair, `?` where the manager refuses one of them."""
_ASCENDING = {-1: "<", 0: "=", 1: ">"}


class Absent(Exception):  # noqa: N818 - nothing is wrong
    """The manager is not on this machine."""


def _both(_one: str, _other: str) -> bool:
    return True


class Native(NamedTuple):
    """An order of ours and who has the last word on it."""

    name: str
    key: Key
    compare: Compare
    words: tuple[str, ...]
    """What its versions hold beside numbers, for making new ones."""
    separators: str
    feeds: tuple[str, ...]
    """The ecosystems of OSV whose records hold versions of it."""
    fits: Callable[[str, str], bool] = _both
    """Which pairs the two mean the same by."""
    known: Families = ()
    """Versions by package where no feed has them."""


def told(key: Key, one: str, other: str) -> str:
    """Return our answer, `?` where we refuse one of them."""
    try:
        first, second = key(one), key(other)
    except ValueError:
        return "?"
    return "<" if first < second else ">" if first > second else "="


def lines(command: list[str], pairs: Sequence[Pair]) -> list[str]:
    """Give pairs to a program, a line each with a tab between; return its answers, a line each."""
    asked = "".join(f"{one}\t{other}\n" for one, other in pairs)
    ran = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    answers = ran.stdout.split()
    if len(answers) != len(pairs):
        raise RuntimeError(f"{command[0]}: {len(answers)} answers to {len(pairs)}: {ran.stderr}")
    return answers


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Absent(f"needs {name}")
    return path


def _file(*patterns: str) -> str:
    found = [path for pattern in patterns for path in sorted(glob(pattern))]
    if not found:
        raise Absent(f"needs {patterns[0]}")
    return found[-1]


_DPKG = """
while IFS='\t' read -r a b; do
    if dpkg --compare-versions "$a" lt "$b"; then echo '<'
    elif dpkg --compare-versions "$a" eq "$b"; then echo '='
    elif dpkg --compare-versions "$a" gt "$b"; then echo '>'
    else echo '?'; fi
done 2>/dev/null
"""


def dpkg(pairs: Sequence[Pair]) -> list[str]:
    _program("dpkg")
    return lines(["sh", "-c", _DPKG], pairs)


_RPM = """%{lua:
for line in io.lines("/dev/stdin") do
    local a, b = line:match("^(.-)\\t(.*)$")
    local ok, order = pcall(rpm.vercmp, a, b)
    print(ok and ({[-1] = "<", [0] = "=", [1] = ">"})[order] or "?", "\\n")
end}"""


def rpm_itself(pairs: Sequence[Pair]) -> list[str]:
    return lines([_program("rpm"), "--eval", _RPM], pairs)


_NODE = """
const semver = require(process.argv[1]);
const told = require("fs").readFileSync(0, "utf8").split("\\n").slice(0, -1).map((line) => {
    const [a, b] = line.split("\\t");
    try { return "<=>"[semver.compare(a, b) + 1]; } catch { return "?"; }
});
console.log(told.join("\\n"));
"""


def node_semver(pairs: Sequence[Pair]) -> list[str]:
    """Ask the `semver` that npm brings along."""
    node, npm = _program("node"), os.path.realpath(_program("npm"))
    package = _file(f"{Path(npm).parent.parent}/node_modules/semver", "/usr/share/nodejs/semver")
    return lines([node, "-e", _NODE, package], pairs)


def in_lower_case(pairs: Sequence[Pair]) -> list[str]:
    """Ask npm's `semver` about what NuGet orders alike but for the case of letters."""
    return node_semver([(one.lower(), other.lower()) for one, other in pairs])


_RUBY = """
$stdin.each_line(chomp: true) do |line|
  a, b = line.split("\\t", -1)
  puts((begin; %w[= > <][Gem::Version.new(a) <=> Gem::Version.new(b)]; rescue; nil; end) || "?")
end
"""


def gem(pairs: Sequence[Pair]) -> list[str]:
    return lines([_program("ruby"), "-W0", "-e", _RUBY], pairs)


_PHP = """
require $argv[1];
$parser = new Composer\\Semver\\VersionParser;
while (($line = fgets(STDIN)) !== false) {
    [$a, $b] = explode("\\t", rtrim($line, "\\n"));
    try {
        $order = version_compare($parser->normalize($a), $parser->normalize($b));
        echo "<=>"[$order + 1], "\\n";
    } catch (UnexpectedValueException $error) { echo "?\\n"; }
}
"""


def composer(pairs: Sequence[Pair]) -> list[str]:
    library = _file("/usr/share/php/Composer/Semver/autoload.php")
    return lines([_program("php"), "-r", _PHP, library], pairs)


_ELIXIR = """
IO.stream(:stdio, :line) |> Enum.each(fn line ->
  [a, b] = line |> String.trim_trailing("\\n") |> String.split("\\t")
  IO.puts(try do
    %{lt: "<", eq: "=", gt: ">"}[Version.compare(a, b)]
  rescue
    Version.InvalidVersionError -> "?"
  end)
end)
"""


def elixir(pairs: Sequence[Pair]) -> list[str]:
    return lines([_program("elixir"), "-e", _ELIXIR], pairs)


_JAVA = """
import java.io.*;
import java.nio.file.*;
import org.apache.maven.artifact.versioning.ComparableVersion;

public class Compare {
    public static void main(String[] words) throws IOException {
        StringBuilder told = new StringBuilder();
        for (String line : new String(System.in.readAllBytes(), "UTF-8").split("\\n")) {
            String[] pair = line.split("\\t", -1);
            int order = new ComparableVersion(pair[0]).compareTo(new ComparableVersion(pair[1]));
            told.append("<=>".charAt(Integer.signum(order) + 1)).append('\\n');
        }
        System.out.print(told);
    }
}
"""


def maven_itself(pairs: Sequence[Pair]) -> list[str]:
    """Ask maven-artifact: PRATIQUE_MAVEN, Debian's, or 3.8 and newer of ~/.m2.

    Older ones do not know `RELEASE` as a word for the release.
    """
    java = _program("java")
    repository = "~/.m2/repository/org/apache/maven/maven-artifact/3.[89].*/maven-artifact-3.*.jar"
    artifact = os.environ.get("PRATIQUE_MAVEN") or _file(
        "/usr/share/java/maven-artifact-3.x.jar", os.path.expanduser(repository)
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "Compare.java")
        source.write_text(_JAVA, encoding="utf-8")
        return lines([java, "-cp", artifact, str(source)], pairs)


_GO = """package main

import (
    "bufio"
    "fmt"
    "go/version"
    "os"
    "strings"

    "asked/semver"
)

func main() {
    said := bufio.NewWriter(os.Stdout)
    defer said.Flush()
    for input := bufio.NewScanner(os.Stdin); input.Scan(); {
        a, b, _ := strings.Cut(input.Text(), "\\t")
        switch {
        case strings.HasPrefix(a, "go") && version.IsValid(a) && version.IsValid(b):
            fmt.Fprintln(said, "<=>"[version.Compare(a, b)+1:][:1])
        case semver.IsValid(a) && semver.IsValid(b):
            fmt.Fprintln(said, "<=>"[semver.Compare(a, b)+1:][:1])
        default:
            fmt.Fprintln(said, "?")
        }
    }
}
"""


def go(pairs: Sequence[Pair]) -> list[str]:
    """Ask the packages of Go that its own command compares versions by."""
    program = _program("go")
    root = subprocess.run([program, "env", "GOROOT"], capture_output=True, text=True, check=True)
    package = _file(f"{root.stdout.strip()}/src/cmd/vendor/golang.org/x/mod/semver/semver.go")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "semver").mkdir()
        shutil.copy(package, place / "semver")
        (place / "go.mod").write_text("module asked\n\ngo 1.22\n", encoding="utf-8")
        (place / "main.go").write_text(_GO, encoding="utf-8")
        subprocess.run([program, "build", "-o", "asked", "."], cwd=place, check=True)
        return lines([str(place / "asked")], [(_of_module(a), _of_module(b)) for a, b in pairs])


def _of_module(version: str) -> str:
    """Return a version as go.mod has it, for OSV leaves the `v` out."""
    return f"v{version}" if version[:1].isdigit() else version


def packaging(pairs: Sequence[Pair]) -> list[str]:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - as the others

    def order(one: str, other: str) -> str:
        try:
            first, second = Version(one), Version(other)
        except InvalidVersion:
            return "?"
        return _ASCENDING[(first > second) - (first < second)]

    return [order(one, other) for one, other in pairs]


def _released_alike(one: str, other: str) -> bool:
    """Tell whether both have a release or neither: rpm has none come first, dependencies do not."""
    first, second = _RPM_VERSION.fullmatch(one), _RPM_VERSION.fullmatch(other)
    return bool(first and second and (first[1] is None) == (second[1] is None))


_RPM_VERSION = re.compile(r"(?:\d*:)?+[^:-].*?(?:-([^-]+))?")
_LANGUAGE = re.compile(r"go1\.(?:2[1-9]|[3-9]\d|\d{3,})")


def _of_a_toolchain(one: str, other: str) -> bool:
    """Tell whether neither is a version of the language, which is none of a toolchain."""
    return not (_LANGUAGE.fullmatch(one) or _LANGUAGE.fullmatch(other))


_GO_RELEASES: Families = (
    ("go1", "go1.4.3", "go1.9rc2", "go1.19", "go1.19.13", "go1.20rc1", "go1.20rc3", "go1.20"),
    ("go1.20.1", "go1.20.14", "go1.21rc2", "go1.21rc10", "go1.21.0", "go1.21.1", "go1.21.13"),
    ("go1.22beta1", "go1.22rc1", "go1.22.0", "go1.22.12", "go1.23rc1", "go1.23.4", "go1.24.0"),
)

_SEMVER_WORDS = ("-alpha", "-beta.1", "-rc.2", "-0", "-a.b", "-rc10", "+build", "-1", "-x-y")
NATIVES = (
    Native(
        "dpkg", deb.version_key, dpkg,
        ("~rc1", "~", "+dfsg", "+deb12u1", "-1", "ubuntu0.1", "~bpo12+1", "a", "1:", "+b1", "git"),
        ".-+~:", ("Debian", "Ubuntu"),
    ),
    Native(
        "rpm", rpmversion.version_key, rpm_itself,
        ("~rc1", "^git1", ".el9", ".el9_2", "a", "rc", ".module_el8", "_", "~", "^", "+"),
        "._+~^", ("AlmaLinux",), fits=_released_alike,
    ),
    Native(
        "packaging", pypi.version_key, packaging,
        ("a1", "b2", "rc1", ".dev0", ".post1", "-1", "+local.1", "1!", "alpha", "c", "-r4", "_rev"),
        ".-_", ("PyPI",),
    ),
    Native(
        "npm", semver.version_key, node_semver, _SEMVER_WORDS, ".-", ("npm", "crates.io"),
    ),
    Native("Go", semver.go_key, go, (*_SEMVER_WORDS, "+incompatible"), ".-", ("Go",)),
    Native(
        "Go's releases", semver.go_key, go, ("rc1", "beta2", "rc10", ".0", ".1"), ".", (),
        fits=_of_a_toolchain, known=_GO_RELEASES,
    ),
    Native(
        "Maven", maven_version.version_key, maven_itself,
        ("-alpha-1", "-beta", "-rc1", "-SNAPSHOT", ".RELEASE", ".Final", "-jre", "-sp1", ".M2",
         "-ga", ".X", "-1", "b", "m3", "-cr", ".v2020", "+", "_", "-x"),
        ".-_+", ("Maven",),
    ),
    Native(
        "gem", rubygems.version_key, gem,
        (".pre", ".rc1", "-beta", "a", ".beta.2", "-1", ".0", ".rc", ".a.0.b", "-x86-linux"),
        ".-", ("RubyGems",),
    ),
    Native(
        "Composer", packagist.version_key, composer,
        ("-alpha1", "-beta.2", "-RC1", "-dev", ".x-dev", "-p1", "pl2", "-stable", "@dev", "a",
         "+build", "-patch", "-rc.1-dev", "b3"),
        ".-_", ("Packagist",),
    ),
    Native(
        "NuGet, as npm in lower case", nuget.version_key, in_lower_case,
        (*_SEMVER_WORDS, "-Beta", "-RC.1", "-ALPHA10"), ".-", ("npm", "Maven"),
    ),
    Native("Hex", semver.version_key, elixir, _SEMVER_WORDS, ".-", ("npm", "crates.io")),
)  # fmt: skip
