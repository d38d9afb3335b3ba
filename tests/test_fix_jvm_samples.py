"""Java projects of several modules and of Gradle, mended: planned, written, built, rescanned.

These ask Maven Central through Maven, and Gradle itself where it can build the sample; they are
skipped where a tool or the index is not there.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from pratique.upgrades import level
from test_fix_samples import assert_only_versions_differ, findings, pratique

pytestmark = pytest.mark.network

GROOVY = """\
buildscript {
    repositories { mavenCentral() }
    dependencies { classpath 'io.spring.gradle:dependency-management-plugin:1.0.11.RELEASE' }
}

apply plugin: 'java'
apply plugin: 'io.spring.dependency-management'

repositories { mavenCentral() }

ext {
    bootVersion = '2.5.0' // the framework
    textVersion = "1.9"
}
ext['log4j2.version'] = '2.14.1'

dependencyManagement {
    imports {
        mavenBom "org.springframework.boot:spring-boot-dependencies:${bootVersion}"
    }
}

dependencies {
    // the web
    compile 'org.springframework.boot:spring-boot-starter-web'
    compile 'org.apache.logging.log4j:log4j-core'
    compile "org.apache.commons:commons-text:$textVersion"
    compile group: 'commons-io', name: 'commons-io', version: commonsIoVersion
    compile('com.google.guava:guava:29.0-jre') {
        exclude group: 'com.google.j2objc'   /* not 'a:b:1' */
    }
    testCompile 'junit:junit:4.13.1'
}
"""
KOTLIN = """\
import org.springframework.boot.gradle.plugin.SpringBootPlugin

plugins {
    java
    alias(libs.plugins.boot)
}

repositories { mavenCentral() }

val jacksonVersion by extra("2.12.3")

dependencies {
    // the web
    implementation(platform(SpringBootPlugin.BOM_COORDINATES))
    implementation("org.springframework.boot:spring-boot-starter-web")
    implementation(libs.log4j.core)
    implementation(libs.bundles.files)
    implementation("com.fasterxml.jackson.dataformat:jackson-dataformat-xml:$jacksonVersion")
    implementation("com.google.guava:guava") {
        version { require("29.0-jre") }
    }
}
"""
CATALOG = """\
[versions]
boot = "2.5.0" # the framework
log4j = { strictly = "2.14.1" }

[libraries]
log4j-core = { module = "org.apache.logging.log4j:log4j-core", version.ref = "log4j" }
commons-io = "commons-io:commons-io:2.6"
text = { group = "org.apache.commons", name = "commons-text", version = "1.9" }

[bundles]
files = ["commons-io", "text"]

[plugins]
boot = { id = "org.springframework.boot", version.ref = "boot" }
"""
JAVA = """\
public class Main {
    public static void main(String[] words) {
        org.apache.logging.log4j.LogManager.getLogger(Main.class).info("hello");
        org.springframework.boot.SpringApplication.class.getName();
    }
}
"""
JAVA_TEST = """\
public class MainTest {
    @org.junit.Test
    public void runs() {
        Main.main(new String[0]);
    }
}
"""
PARENT = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId>
  <artifactId>shop</artifactId>
  <version>1.0</version>
  <packaging>pom</packaging>
  <modules>
    <module>core</module>
    <module>web</module>
  </modules>
  <properties>
    <maven.compiler.source>11</maven.compiler.source>
    <maven.compiler.target>11</maven.compiler.target>
    <log4j.version>2.14.1</log4j.version> <!-- the log -->
    <boot.version>2.5.0</boot.version>
  </properties>
</project>
"""
CORE = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.example</groupId>
    <artifactId>shop</artifactId>
    <version>1.0</version>
  </parent>
  <artifactId>core</artifactId>
  <dependencies>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-core</artifactId>
      <version>${log4j.version}</version>
    </dependency>
    <dependency>
      <groupId>junit</groupId>
      <artifactId>junit</artifactId>
      <version>4.13.1</version>
      <scope>test</scope>
    </dependency>
  </dependencies>
</project>
"""
WEB = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.example</groupId>
    <artifactId>shop</artifactId>
    <version>1.0</version>
  </parent>
  <artifactId>web</artifactId>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>org.springframework.boot</groupId>
        <artifactId>spring-boot-dependencies</artifactId>
        <version>${boot.version}</version>
        <type>pom</type>
        <scope>import</scope>
      </dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>org.example</groupId>
      <artifactId>core</artifactId>
      <version>${project.version}</version>
    </dependency>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-web</artifactId>
    </dependency>
  </dependencies>
</project>
"""
CORE_JAVA = JAVA.replace(
    "        org.springframework.boot.SpringApplication.class.getName();\n", ""
)
GRADLE = {
    "build.gradle": GROOVY,
    "gradle.properties": "# what is used\ncommonsIoVersion=2.6\n",
    "src/main/java/Main.java": JAVA,
    "src/test/java/MainTest.java": JAVA_TEST,
}
CATALOGUED = {
    "settings.gradle.kts": 'rootProject.name = "shop"\n',
    "build.gradle.kts": KOTLIN,
    "gradle/libs.versions.toml": CATALOG,
}
ROOT = """\
plugins {
    id 'org.springframework.boot' version '2.5.0' apply false // the framework
    id 'io.spring.dependency-management' version '1.0.11.RELEASE' apply false
}

ext { log4jVersion = '2.14.1' }

subprojects {
    apply plugin: 'java'
    apply plugin: 'io.spring.dependency-management'
}
"""
PROJECT = """\
dependencies {
    implementation 'org.springframework.boot:spring-boot-starter-web'
    implementation "org.apache.logging.log4j:log4j-core:${rootProject.ext.log4jVersion}"
}
"""
PROJECTS = {
    "settings.gradle": "include 'web'\n",
    "build.gradle": ROOT,
    "web/build.gradle": PROJECT,
}
MODULES = {
    "pom.xml": PARENT,
    "core/pom.xml": CORE,
    "web/pom.xml": WEB,
    "core/src/main/java/Main.java": CORE_JAVA,
    "core/src/test/java/MainTest.java": JAVA_TEST,
}
SAMPLES = {
    "groovy": (GRADLE, ["gradle", "--no-daemon", "--quiet", "test"], (4, 4)),
    "kotlin": (CATALOGUED, ["gradle", "--no-daemon", "--quiet", "dependencies"], (7, 4)),
    "projects": (PROJECTS, ["gradle", "--no-daemon", "--quiet", ":web:dependencies"], (6, 8)),
    "modules": (MODULES, ["mvn", "-B", "-q", "test"], (0, 0)),
}


def can_build(words: list[str], least: tuple[int, int]) -> bool:
    if not shutil.which(words[0]):
        return False
    said = subprocess.run([words[0], "--version"], check=False, capture_output=True, text=True)
    found = re.search(r"(?m)(?:Gradle|Maven) (\d+)\.(\d+)", said.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= least


@pytest.fixture(autouse=True)
def index() -> None:
    if not shutil.which("mvn"):
        pytest.skip("mvn is not installed")
    try:
        socket.create_connection(("repo1.maven.org", 443), timeout=5).close()
    except OSError:
        pytest.skip("repo1.maven.org cannot be reached")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_java_project_is_mended_and_builds(name: str, tmp_path: Path) -> None:
    files, build, least = SAMPLES[name]
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    builds = can_build(build, least)
    if builds:
        subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    # fetches the POMs that a scan reads
    pratique(tmp_path, "fix", "fs", ".", "--json")
    before = [f for f in findings(tmp_path) if f.get("FixedVersion")]
    assert len(before) > 15, "the advisories that come along know of these"

    plan = pratique(tmp_path, "fix", "fs", ".", "--json", "--write")

    if builds:
        subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    after = [f for f in findings(tmp_path) if f.get("FixedVersion")]
    assert len(after) <= 0.05 * len(before), (plan["Remaining"], plan["Remarks"])
    assert not [f for f in plan["New"] if f["Severity"] in ("HIGH", "CRITICAL")]
    for change in plan["Changes"]:
        own = [f["FixedVersion"].split(", ") for f in before if f["PkgName"] == change["Name"]]
        smaller = [any(level(change["From"][0], v) != "major" for v in fixed) for fixed in own]
        assert change["Level"] != "major" or not all(smaller), change
    for path, text in files.items():
        assert_only_versions_differ(text, (tmp_path / path).read_text())
    assert "log4j" in {change["Name"].rpartition(":")[2].removesuffix("-core")
                       for change in plan["Changes"]}  # fmt: skip
    assert pratique(tmp_path, "fix", "fs", ".", "--json")["Files"] == []
