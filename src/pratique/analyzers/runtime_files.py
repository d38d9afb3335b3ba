"""Language runtimes that say their version in a file of their own: Java, Erlang, .NET."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.known_programs import cpe
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_LARGEST = 1 << 16
_PROPERTY = re.compile(r'^([A-Z_]+)="?([^"\r\n]*)"?\r?$', re.MULTILINE)
_JAVA = re.compile(r"(?:1\.\d\.0(?:_\d+)?|\d+(?:\.\d+)*)(?:-ea|-internal)?")
_OTP = re.compile(r"\d+(?:\.\d+)+(?:-rc\d+)?")
_NET = re.compile(r"(?:^|/)shared/Microsoft\.NETCore\.App/(\d+\.\d+\.\d+[\w.-]*)/[^/]+$")
_VENDORS = {"oracle corporation": "oracle:jdk"}
"""Whose builds NVD has under another product than OpenJDK."""


def _java(file: File) -> Iterator[Package]:
    """Read a JDK's `release` (openjdk.org/jeps/220); other files of that name say no JAVA_VERSION.

    Who built it is its vendor. Since JDK 9 the version is whole; JDK 8 writes `1.8.0_412`.
    """
    fields = _fields(file)
    version = fields.get("JAVA_VERSION", "")
    if _JAVA.fullmatch(version):
        vendor = fields.get("IMPLEMENTOR", "")
        product = _VENDORS.get(vendor.lower(), "oracle:openjdk")
        yield Package(file.path, "binary", "generic", "java", version, vendor=vendor,
                      cpe=cpe(product, version))  # fmt: skip


def _fields(file: File) -> dict[str, str]:
    if file.size > _LARGEST:
        return {}
    return dict(_PROPERTY.findall(file.read().decode("utf-8", "replace")))


def _erlang(file: File) -> Iterator[Package]:
    """Read `releases/NN/OTP_VERSION` (erlang.org, OTP design principles, versions)."""
    version = file.read().decode("utf-8", "replace").strip() if file.size <= _LARGEST else ""
    if _OTP.fullmatch(version):
        yield Package(file.path, "binary", "generic", "erlang", version,
                      cpe=cpe(r"erlang:erlang\/otp", version))  # fmt: skip


def _dotnet(file: File) -> Iterator[Package]:
    """Tell .NET by the folder of its shared framework (learn.microsoft.com, dotnet --info)."""
    if match := _NET.search(file.path):
        yield Package(file.path, "binary", "generic", "dotnet", match[1],
                      cpe=cpe("microsoft:.net", match[1]))  # fmt: skip


java = Analyzer("java-runtime", 1, ("release",), _java)
erlang = Analyzer("erlang-runtime", 1, ("releases/*/OTP_VERSION",), _erlang)
dotnet = Analyzer("dotnet-runtime", 1, ("Microsoft.NETCore.App.deps.json",), _dotnet)
