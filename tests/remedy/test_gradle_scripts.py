"""Gradle's scripts, catalogs and locks: versions where they are decided; all else stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.analyzers.gradle_build import gradle_build
from pratique.codecs.gradle_edit import ScriptText
from pratique.codecs.gradle_script import read_script
from pratique.codecs.gradle_statements import statements
from pratique.errors import MalformedError
from pratique.model.remedy import Bump
from pratique.model.settings import Settings
from pratique.remedy.gradle import gradle
from pratique.workspace import Workspace
from projects import Memory, bump, refuse
from reading import read_as_far_as_possible

SCRIPT = """\
plugins {
    id 'java' // the language
    id 'org.springframework.boot' version '2.5.0'
}
apply from: "$rootDir/gradle/versions.gradle"
apply plugin: 'io.spring.dependency-management'
ext.logVersion = '1.0' /* implementation 'x:y:1.0' */
def own = '1.1'
ext.versions = [ guava: '30.0-jre',
    text : "1.9" ]
dependencies {
    implementation 'org.springframework.boot:spring-boot-starter-web'
    implementation platform('x:bom:1.0')
    implementation "x:log:$logVersion"
    implementation "x:guava:${versions.guava}", "x:text:${versions['text']}"
    implementation 'x:added:' + own
    implementation group: 'x', name: 'mapped', version: '1.2'
    implementation group: 'x', name: 'held', version: own
    runtimeOnly('x:zip:1.3@zip') { exclude group: 'y', module: 'z' }
    implementation('x:rich') { version { strictly '[1,2['; prefer '1.4' } }
    implementation "x:above:$aboveVersion"
    implementation "x:computed:${find('a')}.1"
    implementation 'x:open:1.+'
    implementation project(':core')
    testImplementation 'junit:junit:4.13'
}
"""
OTHERS = {
    "gradle/versions.gradle": "ext { aboveVersion = '1.5' }\n",
    "settings.gradle": "rootProject.name = 'shop'\n",
    "gradle.properties": "a=b\npropertyVersion=1.6\n",
}
KOTLIN = """\
plugins { kotlin("jvm") version "1.5.0" }
val logVersion by extra("1.0")
val other by extra { "1.1" }
extra["third"] = "1.2"
dependencies {
    implementation("x:log:$logVersion")
    implementation("x:other:${extra["other"]}")
    implementation("x", "three", "1.3")
    implementation(group = "x", name = "named", version = "1.4")
    testImplementation(kotlin("test"))
}
"""


def versions(path: str, text: str) -> dict[str, str]:
    others = {name: one.encode() for name, one in OTHERS.items()}
    packages, _ = read_as_far_as_possible(gradle_build, path, text.encode(), others)
    return {package.name: package.version for package in packages if not package.dev}


def test_what_a_groovy_script_asks_for_is_read() -> None:
    assert versions("build.gradle", SCRIPT) == {
        "org.springframework.boot:spring-boot-starter-web": "", "x:log": "1.0",
        "x:guava": "30.0-jre", "x:text": "1.9", "x:added": "1.1", "x:mapped": "1.2",
        "x:held": "1.1", "x:zip": "1.3", "x:rich": "1.4", "x:above": "1.5", "x:computed": "",
        "x:open": "",
    }  # fmt: skip


def test_what_a_kotlin_script_asks_for_is_read() -> None:
    assert versions("build.gradle.kts", KOTLIN) == {
        "x:log": "1.0", "x:other": "1.1", "x:three": "1.3", "x:named": "1.4",
    }  # fmt: skip


def test_a_locked_build_is_read_from_its_lock() -> None:
    found, error = read_as_far_as_possible(
        gradle_build, "build.gradle", SCRIPT.encode(), {"gradle.lockfile": b""}
    )
    assert (found, error) == ([], "")


def changed(text: str, *bumps: Bump, path: str = "build.gradle", **others: str) -> Memory:
    memory = Memory({path: text, **OTHERS, **others}, {"mvn": lambda _: ""})
    list(gradle.apply(memory, path, bumps))
    return memory


def build_bump(
    name: str, installed: str, to: str, attempt: int = 0, path: str = "build.gradle"
) -> Bump:
    return Bump(name, "maven", path, "gradle-build", (installed,), to, "patch", 1, True, attempt)


@pytest.mark.parametrize(("name", "installed", "old", "new"), [
    ("x:log", "1.0", "logVersion = '1.0'", "logVersion = '1.0.1'"),
    ("x:guava", "30.0-jre", "guava: '30.0-jre'", "guava: '1.0.1'"),
    ("x:text", "1.9", '"1.9"', '"1.0.1"'),
    ("x:added", "1.1", "own = '1.1'", "own = '1.0.1'"),
    ("x:mapped", "1.2", "version: '1.2'", "version: '1.0.1'"),
    ("x:zip", "1.3", "x:zip:1.3@zip", "x:zip:1.0.1@zip"),
    ("x:rich", "1.4", "prefer '1.4'", "prefer '1.0.1'"),
    ("junit:junit", "4.13", "junit:4.13", "junit:1.0.1"),
])  # fmt: skip
def test_a_version_is_changed_where_it_is_decided(
    name: str, installed: str, old: str, new: str
) -> None:
    memory = changed(SCRIPT, build_bump(name, installed, "1.0.1"))
    assert SCRIPT.count(old) == 1
    assert memory.texts["build.gradle"] == SCRIPT.replace(old, new)


def test_also_in_scripts_that_are_applied() -> None:
    memory = changed(SCRIPT, build_bump("x:above", "1.5", "1.5.1"))
    assert memory.texts["build.gradle"] == SCRIPT
    assert memory.texts["gradle/versions.gradle"] == "ext { aboveVersion = '1.5.1' }\n"


@pytest.mark.parametrize(("name", "why"), [
    ("x:open", "is asked for as 1.\\+"), ("x:computed", "which nothing here sets"),
])  # fmt: skip
def test_what_is_computed_or_open_is_left(name: str, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        changed(SCRIPT, build_bump(name, "1.0", "1.0.1"))


@pytest.mark.parametrize(("before", "after"), [
    ("dependencies {\n    api 'x:a:1'\n}\n",
     "dependencies {\n    api 'x:a:1'\n    constraints {\n        implementation('g:a:2')\n    }\n}\n"),
    ("dependencies { api 'x:a:1' }\n",
     "dependencies { api 'x:a:1'\n    constraints {\n        implementation('g:a:2')\n    }\n}\n"),
    ("dependencies {\n  constraints {\n    api 'x:a:1'\n  }\n}\n",
     "dependencies {\n  constraints {\n    implementation('g:a:2')\n    api 'x:a:1'\n  }\n}\n"),
    ("configurations.all {\n  resolutionStrategy {\n    force 'x:a:1'\n  }\n}\n",
     "configurations.all {\n  resolutionStrategy {\n    force 'g:a:2'\n    force 'x:a:1'\n  }\n}\n"),
    ("// x\ndependencies {\n\tcompile 'x:a:1'\n}\n",
     ("// x\nconfigurations.all {\n\tresolutionStrategy {\n\t\tforce 'g:a:2'\n\t}\n}\n\n"
      "dependencies {\n\tcompile 'x:a:1'\n}\n")),
])  # fmt: skip
def test_the_last_resort_is_what_the_build_uses_itself(before: str, after: str) -> None:
    text = ScriptText(before, kotlin=False)
    text.hold("g:a:2")
    assert text.text == after


def test_springs_plugin_manages_what_no_property_does() -> None:
    text = ScriptText("dependencyManagement {\n  imports { }\n}\n", kotlin=True)
    text.manage("g:a:2")
    text.manage("g:b:2")
    text.set_property("g.version", "3")
    assert text.text == (
        'extra["g.version"] = "3"\n\ndependencyManagement {\n  imports { }\n'
        '  dependencies {\n    dependency("g:b:2")\n    dependency("g:a:2")\n  }\n}\n'
    )


CATALOG = (
    '[versions]\nlog = "1.0" # log\n[libraries]\nlog = { module = "x:log", version.ref = "log" }\n'
)


def test_a_catalog_is_changed_where_a_version_is_referred_to() -> None:
    path = "gradle/libs.versions.toml"
    memory = Memory(
        {path: CATALOG, "build.gradle.kts": "dependencies { api(libs.log) }"}, {"mvn": lambda _: ""}
    )
    list(gradle.apply(memory, path, [bump("x:log", "1.0", "1.1", path)]))
    assert memory.texts[path] == CATALOG.replace('"1.0"', '"1.1"')


LOCK = "# locks\nx:a:1.0=compileClasspath,runtimeClasspath\nx:ab:1.0=runtimeClasspath\nempty=\n"


def locked_project(said: str) -> tuple[Memory, list[str]]:
    def run(words: Sequence[str]) -> str:
        return said if "--version" in words else ""

    script = "dependencies {\n    api 'x:a:1.0'\n}\n"
    memory = Memory({"build.gradle": script, "gradle.lockfile": LOCK}, {"gradle": run, "mvn": run})
    remarks = list(
        gradle.apply(memory, "gradle.lockfile", [bump("x:a", "1.0", "1.1", "gradle.lockfile")])
    )
    assert memory.texts["build.gradle"] == script.replace("1.0", "1.1")
    return memory, remarks


def test_a_lock_is_made_anew_by_gradle() -> None:
    memory, remarks = locked_project("\nGradle 8.5\n")
    assert ["gradle", "--no-daemon", "--quiet", "dependencies", "--write-locks"] in memory.ran
    assert (memory.texts["gradle.lockfile"], remarks) == (LOCK, [])


def test_without_a_gradle_that_locks_its_line_is_set_and_a_word_says_so() -> None:
    memory, remarks = locked_project("\nGradle 4.4.1\n")
    assert memory.texts["gradle.lockfile"] == LOCK.replace("x:a:1.0", "x:a:1.1")
    assert "Make it anew: gradle dependencies --write-locks" in remarks[0]


def test_a_build_that_verifies_checksums_is_left_alone() -> None:
    others = {"gradle/verification-metadata.xml": "<verification-metadata/>"}
    with pytest.raises(MalformedError, match=r"verification-metadata\.xml has the checksums"):
        changed(SCRIPT, build_bump("x:log", "1.0", "1.0.1"), **others)


def test_versions_that_do_not_go_together_change_nothing(tmp_path: Path) -> None:
    memory = Memory({"build.gradle": SCRIPT, **OTHERS}, {"mvn": refuse})
    with pytest.raises(MalformedError, match="do not go together"):
        list(gradle.apply(memory, "build.gradle", [build_bump("x:log", "1.0", "1.0.1")]))


@pytest.mark.parametrize("line", [
    "implementation 'x:a:1.0\"; new File(\"/tmp/x\").text = \"'", "implementation 'x:${1}:1.0'",
    "implementation 'x\\ny:a:1.0'", "implementation 'x:a:1.0</version><!--'", 'implementation "x:a:${"',
])  # fmt: skip
def test_names_that_are_code_are_no_modules_and_reach_no_pom(line: str, tmp_path: Path) -> None:
    text = f"dependencies {{\n    {line}\n    api 'x:log:1.0'\n}}\n"
    found = packages_or_problem(text)
    assert all("<" not in name and "\n" not in name and "$" not in name for name in found)
    (tmp_path / "build.gradle").write_text(text)
    with Workspace(str(tmp_path), Settings(offline=True)) as work:
        list(gradle.apply(work, "build.gradle", [build_bump("x:log", "1.0", "1.1")]))
        [altered] = work.altered(gradle.files)
    assert altered.after.decode() == text.replace("x:log:1.0", "x:log:1.1")
    assert (tmp_path / "build.gradle").read_text() == text


def packages_or_problem(text: str) -> list[str]:
    return [p.name for p in read_as_far_as_possible(gradle_build, "build.gradle", text.encode())[0]]


@given(st.text("dependcis{}()[]'\"$:/*\\\n,=+ .1", max_size=120))
def test_any_text_is_read_and_can_be_changed(text: str) -> None:
    read_script(text)
    assert "".join(s.value for one in statements(text) for s in one.strings) is not None
    for one in (ScriptText(text, kotlin=False), ScriptText(text, kotlin=True)):
        one.hold("g:a:1")
        one.manage("g:b:1")
        one.set_property("c", "1")
        assert len(one.text) > len(text)


@given(st.integers(0, len(SCRIPT)), st.integers(0, 40))
def test_places_hold_what_was_read(at: int, cut: int) -> None:
    text = SCRIPT[:at] + SCRIPT[at + cut :]
    script = read_script(text)
    for module in (*script.modules, *script.plugins):
        assert text[module.start : module.end] == module.version
    for held in script.properties:
        assert text[held.start : held.end] == held.value


def test_packages_know_their_lines() -> None:
    data = b"dependencies {\n\n  api 'g:a'\n}\n"
    [package], error = read_as_far_as_possible(gradle_build, "build.gradle", data)
    assert (package.line, error) == (3, "1 versions are not set: g:a")


def test_a_catalog_of_a_build_without_a_script_at_its_root() -> None:
    path = "gradle/libs.versions.toml"
    texts = {path: CATALOG, "settings.gradle.kts": 'include(":app", ":lib:core")',
             "lib/core/build.gradle.kts": "dependencies { api(libs.log) }"}  # fmt: skip
    memory = Memory(texts, {"mvn": lambda _: ""})
    list(gradle.apply(memory, path, [bump("x:log", "1.0", "1.1", path)]))
    assert memory.texts[path] == CATALOG.replace('"1.0"', '"1.1"')
    assert "<version>1.1</version>" in memory.texts["lib/core/.resolved.pom"]
