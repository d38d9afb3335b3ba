"""pom.xml: versions, properties, parents, managed versions; comments and plugins stay."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.pom_edit import PomText
from pratique.errors import MalformedError
from pratique.remedy.maven import maven
from projects import Memory, bump

POM = """\
<project>
\t<parent>
\t\t<groupId>org.example</groupId><artifactId>parent</artifactId><version>2.5.0</version>
\t</parent>
\t<!-- <dependency><groupId>g</groupId><artifactId>a</artifactId><version>1.0</version></dependency> -->
\t<dependencies>
\t\t<dependency>
\t\t\t<groupId>g</groupId>
\t\t\t<artifactId>a</artifactId>
\t\t\t<version>1.0</version> <!-- 1.0 -->
\t\t</dependency>
\t\t<dependency><groupId>g</groupId><artifactId>b</artifactId><version>${b.version}</version></dependency>
\t</dependencies>
\t<build><plugins><plugin><dependencies>
\t\t<dependency><groupId>g</groupId><artifactId>a</artifactId><version>1.0</version></dependency>
\t</dependencies></plugin></plugins></build>
</project>
"""
PROPERTIES = "\t<properties>\n\t\t<b.version>1.0</b.version>\n\t</properties>\n"
WITH_PROPERTIES = POM.replace(
    "\t<dependencies>\n\t\t<dependency>\n", PROPERTIES + "\t<dependencies>\n\t\t<dependency>\n"
)
PARENT = b"""<project><groupId>org.example</groupId><artifactId>parent</artifactId><version>2.5.0</version>
<properties><log.version>1.0</log.version><spring.version>5.3.0</spring.version></properties>
<dependencyManagement><dependencies>
<dependency><groupId>g</groupId><artifactId>log</artifactId><version>${log.version}</version></dependency>
<dependency><groupId>org.spring</groupId><artifactId>bom</artifactId><version>${spring.version}</version>
<type>pom</type><scope>import</scope></dependency>
</dependencies></dependencyManagement></project>"""


def fine(_words: Sequence[str]) -> str:
    return ""


def test_the_version_of_a_dependency_alone_is_changed() -> None:
    memory = Memory({"pom.xml": POM}, {"mvn": fine})
    assert list(maven.apply(memory, "pom.xml", [bump("g:a", "1.0", "1.1", "pom.xml")])) == []
    assert memory.texts["pom.xml"] == POM.replace(
        "<version>1.0</version> <", "<version>1.1</version> <"
    )
    assert memory.ran[0][0] == "mvn"


def test_a_property_is_set_where_it_is_defined() -> None:
    memory = Memory({"pom.xml": WITH_PROPERTIES}, {"mvn": fine})
    list(maven.apply(memory, "pom.xml", [bump("g:b", "1.0", "1.1", "pom.xml")]))
    assert memory.texts["pom.xml"] == WITH_PROPERTIES.replace(">1.0</b.", ">1.1</b.")
    memory = Memory({"web/pom.xml": POM, "pom.xml": WITH_PROPERTIES}, {"mvn": fine})
    list(maven.apply(memory, "web/pom.xml", [bump("g:b", "1.0", "1.1", "web/pom.xml")]))
    assert memory.texts["web/pom.xml"] == POM
    assert memory.texts["pom.xml"] == WITH_PROPERTIES.replace(">1.0</b.", ">1.1</b.")
    with pytest.raises(MalformedError, match="which nothing here sets"):
        list(
            maven.apply(Memory({"pom.xml": POM}), "pom.xml", [bump("g:b", "1.0", "1.1", "pom.xml")])
        )


def metadata(*versions: str) -> bytes:
    return "".join(f"<version>{version}</version>" for version in versions).encode()


def test_what_a_parent_manages_follows_its_newest_patch_first() -> None:
    urls = {"/org/example/parent/maven-metadata.xml": metadata("2.5.0", "2.5.15", "2.6.1", "2.5.9")}
    memory = Memory({"pom.xml": POM}, {"mvn": fine}, urls)
    list(maven.apply(memory, "pom.xml", [bump("g:log", "1.0", "1.1", "pom.xml")]))
    assert memory.texts["pom.xml"] == POM.replace(">2.5.0<", ">2.5.15<")


@pytest.mark.parametrize(("name", "installed", "to", "put"), [
    ("g:log", "1.0", "1.1", "<log.version>1.1</log.version>"),
    ("org.spring:core", "5.3.0", "5.3.39", "<spring.version>5.3.39</spring.version>"),
])  # fmt: skip
def test_then_the_property_that_it_manages_by(name: str, installed: str, to: str, put: str) -> None:
    memory = Memory({"pom.xml": POM}, {"mvn": fine}, {"/parent-2.5.0.pom": PARENT})
    list(maven.apply(memory, "pom.xml", [bump(name, installed, to, "pom.xml", attempt=1)]))
    added = f"\t<properties>\n\t\t{put}\n\t</properties>\n"
    assert memory.texts["pom.xml"] == POM.replace(
        "\t<dependencies>\n\t\t<dependency>\n", added + "\t<dependencies>\n\t\t<dependency>\n"
    )


def test_the_last_resort_is_an_entry_of_ones_own() -> None:
    memory = Memory({"pom.xml": POM}, {"mvn": fine}, {"/parent-2.5.0.pom": PARENT})
    for name in ("x:y", "x:z"):
        list(maven.apply(memory, "pom.xml", [bump(name, "1.0", "1.1", "pom.xml", attempt=1)]))
    text = memory.texts["pom.xml"]
    assert [p.text for a in "yz" for p in PomText(text).versions("x", a)] == ["1.1", "1.1"]
    assert text.count("<dependencyManagement>") == 1
    start = text.index("\t<dependencyManagement>")
    end = text.index("</dependencyManagement>\n") + len("</dependencyManagement>\n")
    assert text[:start] + text[end:] == POM


@given(st.text("<>/!-dependencyversionparentproperties \n${}ag1.", max_size=200))
def test_any_text_is_changed_or_left(text: str) -> None:
    pom = PomText(text)
    pom.versions("g", "a")
    pom.imports()
    pom.parent()
    pom.add_property("a", "1")
    pom.manage("g", "a", "1")
    assert len(pom.text) > len(text)


def test_without_maven_a_word_says_so() -> None:
    memory = Memory({"pom.xml": POM})
    [said] = maven.apply(memory, "pom.xml", [bump("g:a", "1.0", "1.1", "pom.xml")])
    assert said.startswith("not checked")
