from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.analyzers.runtime_files import dotnet, erlang, java
from pratique.ecosystems.semver import bitnami_key
from pratique.model.analyzer import Analyzer
from reading import packages_of

TEMURIN = b'IMPLEMENTOR="Eclipse Adoptium"\nJAVA_VERSION="21.0.2"\nJAVA_VERSION_DATE="2024-01-16"\n'


def versions(analyzer: Analyzer, path: str, data: bytes) -> list[tuple[str, str]]:
    return [(package.name, package.version) for package in packages_of(analyzer, path, data)]


def test_a_jdk_tells_its_version_and_who_built_it() -> None:
    [package] = packages_of(java, "opt/java/openjdk/release", TEMURIN)
    assert (package.name, package.version, package.vendor) == ("java", "21.0.2", "Eclipse Adoptium")
    assert package.cpe == "cpe:2.3:a:oracle:openjdk:21.0.2:*:*:*:*:*:*:*"


def test_java_8_is_read_with_its_update() -> None:
    data = b'JAVA_VERSION="1.8.0_412"\r\nOS_NAME="Linux"\r\n'
    assert versions(java, "jre/release", data) == [("java", "1.8.0_412")]
    assert bitnami_key("8.0.411") < bitnami_key("1.8.0_412") < bitnami_key("8.0.421")


@pytest.mark.parametrize("data", [b"", b"Fedora release 40\n", b'JAVA_VERSION="@V@"\n', b"1.0\n"])
def test_other_files_of_that_name_are_no_jdk(data: bytes) -> None:
    assert versions(java, "etc/release", data) == []


def test_a_jdk_of_this_machine_is_read() -> None:
    found = sorted(Path("/usr/lib/jvm").glob("*/release"))
    if not found:
        pytest.skip("no JDK on this machine")
    for path in found:
        [(name, version)] = versions(java, str(path), path.read_bytes())
        assert name == "java"
        assert version[0].isdigit()


def test_erlang_and_dotnet_tell_theirs() -> None:
    path = "usr/local/lib/erlang/releases/26/OTP_VERSION"
    assert versions(erlang, path, b"26.2.1\n") == [("erlang", "26.2.1")]
    assert versions(erlang, path, b"what?") == []
    path = "usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.4/Microsoft.NETCore.App.deps.json"
    assert versions(dotnet, path, b"{}") == [("dotnet", "8.0.4")]
    assert versions(dotnet, "app/Microsoft.NETCore.App.deps.json", b"{}") == []


@settings(deadline=None)
@given(st.sampled_from([java, erlang, dotnet]), st.binary(max_size=200))
def test_any_bytes_give_versions_or_nothing(analyzer: Analyzer, data: bytes) -> None:
    assert all(version for _, version in versions(analyzer, "releases/1/release", data))
