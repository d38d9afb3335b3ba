"""Lock files and records of Ruby, PHP, .NET, Swift, Dart, Erlang, Haskell, R, Julia, Perl, Lua, C."""

from __future__ import annotations

import pytest

from locks import LOCKS, every, locked
from pratique.analyzers.bundler import bundler
from pratique.analyzers.cocoapods import cocoapods
from pratique.analyzers.composer import composer
from pratique.analyzers.conan_lock import conan_lock
from pratique.analyzers.haskell import haskell
from pratique.analyzers.julia_manifest import julia_manifest
from pratique.analyzers.lua import luarocks, luarocks_lock
from pratique.analyzers.mix_lock import mix_lock
from pratique.analyzers.nuget import nuget
from pratique.analyzers.packages_props import packages_props
from pratique.analyzers.perl import carton, perl
from pratique.analyzers.pub import pub
from pratique.analyzers.r_installed import r_installed
from pratique.analyzers.rebar_lock import rebar_lock
from pratique.analyzers.renv import renv
from pratique.analyzers.swift import swift
from pratique.model.analyzer import Analyzer
from reading import packages_of, read_as_far_as_possible, versions_of

# path: {name@version: (purl type, relation, needed for development only, line, what it needs)}
Facts = dict[str, tuple[str, str, bool, int, tuple[str, ...]]]
EXPECTED: dict[str, Facts] = {
    "bundler/Gemfile.lock": {
        "mustermann@3.0.0": ("gem", "indirect", False, 4, ("ruby2_keywords@0.0.5",)),
        "rack@2.2.22": ("gem", "indirect", False, 6, ()),
        "rack-protection@3.0.5": ("gem", "indirect", False, 7, ("rack@2.2.22",)),
        "rake@13.0.6": ("gem", "direct", False, 9, ()),
        "ruby2_keywords@0.0.5": ("gem", "indirect", False, 10, ()),
        "sinatra@3.0.5": (
            "gem", "direct", False, 11,
            ("mustermann@3.0.0", "rack-protection@3.0.5", "rack@2.2.22", "tilt@2.0.11"),
        ),
        "tilt@2.0.11": ("gem", "indirect", False, 16, ()),
    },
    "composer/composer.lock": {
        "shop/level@2.0.1": ("composer", "", False, 5, ()),
        "shop/log@1.2.0": ("composer", "", False, 22, ("shop/level@2.0.1",)),
        "shop/probe@0.1.0": ("composer", "", True, 43, ()),
    },
    "nuget/packages.lock.json": {
        "Newtonsoft.Json@13.0.1": ("nuget", "direct", False, 5, ()),
        "Serilog.Sinks.File@5.0.0": ("nuget", "direct", False, 13, ("serilog@2.12.0",)),
        "serilog@2.12.0": ("nuget", "indirect", False, 21, ()),
    },
    "nuget-config/packages.config": {
        "Newtonsoft.Json@6.0.4": ("nuget", "", False, 3, ()),
        "NUnit@3.13.3": ("nuget", "", True, 4, ()),
    },
    "props/Directory.Packages.props": {
        "Newtonsoft.Json@13.0.1": ("nuget", "", False, 7, ()),
        "Microsoft.AspNetCore.Authentication@8.0.1": ("nuget", "", False, 8, ()),
        "Serilog@2.12.0": ("nuget", "", False, 9, ()),
        "Old.Style@1.1.0": ("nuget", "", False, 11, ()),
        "Nerdbank.GitVersioning@3.5.109": ("nuget", "", True, 12, ()),
    },
    "dotnet/shop.deps.json": {
        "shop@1.0.0": (
            "nuget", "root", False, 24,
            ("Microsoft.NETCore.App.Runtime.linux-x64@8.0.3", "Newtonsoft.Json@13.0.3"),
        ),
        "Microsoft.NETCore.App.Runtime.linux-x64@8.0.3": ("nuget", "direct", False, 25, ()),
        "Newtonsoft.Json@13.0.3": ("nuget", "direct", False, 26, ()),
    },
    "swift1/Package.resolved": {
        "github.com/apple/swift-nio@2.40.0": ("swift", "", False, 6, ()),
        "github.com/vapor/vapor@main": ("swift", "", False, 15, ()),
    },
    "swift2/Package.resolved": {
        "github.com/apple/swift-nio@2.40.0": ("swift", "", False, 7, ()),
        "mona.linkedlist@1.2.0": ("swift", "", False, 14, ()),
    },
    "cocoapods/Podfile.lock": {
        "AFNetworking@4.0.1": (
            "cocoapods", "direct", False, 2,
            ("AFNetworking/NSURLSession@4.0.1", "AFNetworking/Serialization@4.0.1"),
        ),
        "AFNetworking/NSURLSession@4.0.1": (
            "cocoapods", "indirect", False, 5, ("AFNetworking/Serialization@4.0.1",),
        ),
        "AFNetworking/Serialization@4.0.1": ("cocoapods", "indirect", False, 7, ()),
        "GoogleUtilities/NSData+zlib@7.5.2": ("cocoapods", "indirect", False, 8, ()),
        "ShopKit@0.1.0": (
            "cocoapods", "direct", False, 9, ("GoogleUtilities/NSData+zlib@7.5.2",),
        ),
    },
    "pub/pubspec.lock": {
        "async@2.11.0": ("pub", "indirect", False, 4, ()),
        "http@1.1.0": ("pub", "direct", False, 12, ()),
        "lints@2.1.1": ("pub", "direct", True, 20, ()),
    },
    "mix/mix.lock": {
        "earmark_parser@1.4.33": ("hex", "", False, 2, ()),
        "plug@1.14.2": ("hex", "", False, 4, ("earmark_parser@1.4.33", "telemetry@1.2.1")),
        "telemetry@1.2.1": ("hex", "", False, 5, ()),
    },
    "rebar/rebar.lock": {
        "certifi@2.9.0": ("hex", "indirect", False, 2, ()),
        "hackney@1.18.1": ("hex", "direct", False, 7, ()),
    },
    "stack/stack.yaml.lock": {
        "fuzzyset@0.2.4": ("hackage", "", False, 5, ()),
        "aeson-extra@0.5.1": ("hackage", "", False, 12, ()),
    },
    "cabal/cabal.project.freeze": {
        "aeson@2.1.2.1": ("hackage", "", False, 2, ()),
        "base@4.17.1.0": ("hackage", "", False, 4, ()),
    },
    "renv/renv.lock": {
        "BiocGenerics@0.46.0": ("bioconductor", "", False, 8, ()),
        "cli@3.6.1": ("cran", "", False, 15, ()),
        "glue@1.6-2": ("cran", "", False, 22, ("cli@3.6.1",)),
    },
    "r/R6/DESCRIPTION": {"R6@2.5.1": ("cran", "", False, 0, ())},
    "julia1/Manifest.toml": {
        "JSON@0.21.4": ("julia", "", False, 7, ("Parsers@2.7.2",)),
        "Parsers@2.7.2": ("julia", "", False, 13, ()),
    },
    "julia2/Manifest.toml": {
        "Dates@1.9.2": ("julia", "", False, 7, ()),
        "JSON@0.21.4": ("julia", "", False, 10, ("Dates@1.9.2", "Parsers@1.0.0")),
        "Parsers@2.7.2": ("julia", "", False, 19, ()),
        "Parsers@1.0.0": ("julia", "", False, 23, ()),
    },
    "carton/cpanfile.snapshot": {
        "HTTP-Tiny@0.082": ("cpan", "", False, 3, ("Try-Tiny@0.31",)),
        "Try-Tiny@0.31": ("cpan", "", False, 11, ()),
        "libwww-perl@6.68": ("cpan", "", False, 18, ("HTTP-Tiny@0.082",)),
    },
    "perl/.meta/Try-Tiny-0.31/install.json": {"Try-Tiny@0.31": ("cpan", "", False, 0, ())},
    "perl/perllocal.pod": {"Shop-Cart@0.31": ("cpan", "", False, 0, ())},
    "lua/rocks-5.1/shop/1.0-1/shop-1.0-1.rockspec": {
        "shop@1.0-1": ("luarocks", "", False, 0, ()),
    },
    "conan1/conan.lock": {
        "libpng@1.6.40": ("conan", "direct", False, 16, ("zlib@1.2.13",)),
        "zlib@1.2.13": ("conan", "indirect", False, 26, ()),
        "tool@3.1": ("conan", "indirect", True, 33, ()),
    },
    "conan2/conan.lock": {
        "zlib@1.2.13": ("conan", "", False, 4, ()),
        "libpng@1.6.40": ("conan", "", False, 5, ()),
        "tool@3.1": ("conan", "", True, 8, ()),
    },
    "vcpkg/vcpkg/status": {
        "vcpkg-cmake@2023-05-04": ("vcpkg", "", False, 1, ()),
        "zlib@1.2.13#2": ("vcpkg", "", False, 8, ("vcpkg-cmake@2023-05-04",)),
        "curl@8.1.2": ("vcpkg", "", False, 17, ("vcpkg-cmake@2023-05-04", "zlib@1.2.13#2")),
    },
    "vcpkg-manifest/vcpkg.json": {
        "zlib@1.2.12#1": ("vcpkg", "direct", False, 0, ()),
        "fmt@9.1.0": ("vcpkg", "direct", False, 0, ()),
    },
}  # fmt: skip


@pytest.mark.parametrize("path", EXPECTED)
def test_a_file_tells_what_its_format_holds(path: str) -> None:
    assert {
        id: (p.type, p.relation, p.dev, p.line, p.depends) for id, p in locked(path).items()
    } == EXPECTED[path]


def test_every_file_here_has_one_analyzer() -> None:
    files = [path.relative_to(LOCKS).as_posix() for path in LOCKS.rglob("*") if path.is_file()]
    assert sorted(path for path, _ in every()) == sorted(set(files) - {"README.md"})


def test_digests_are_of_the_archive_as_a_registry_serves_it() -> None:
    plug = "sha256:842fc50187e13cf4ac3b253d47d9474ed6c296a8732752835ce4a86acdf68d13"
    assert locked("mix/mix.lock")["plug@1.14.2"].hashes == (plug,)
    hackney = "sha256:a4ecdaff44297e9b5894ae499e9a070ea1888c84afdd1fd9b7b2bc384950128e"
    assert locked("rebar/rebar.lock")["hackney@1.18.1"].hashes == (hackney,)
    http = "sha256:759d1a329847dd0f39226c688d3e06a6b8679668e350e2891a6474f8b4bb8525"
    assert locked("pub/pubspec.lock")["http@1.1.0"].hashes == (http,)


GEMS = """GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.15.4)
      mini_portile2 (~> 2.8.2)
    nokogiri (1.15.4-x86_64-linux)

PATH
  remote: .
  specs:
    own (0.1.0.pre)

DEPENDENCIES
  own!

CHECKSUMS
  nokogiri (1.15.4) sha256={a}
  nokogiri (1.15.4-x86_64-linux) sha256={b}
"""


def test_the_platforms_of_a_gem_are_one_package() -> None:
    data = GEMS.format(a="a" * 64, b="b" * 64).encode()
    nokogiri, own = packages_of(bundler, "Gemfile.lock", data)
    assert (nokogiri.version, nokogiri.line, nokogiri.relation) == ("1.15.4", 4, "indirect")
    assert nokogiri.hashes == (f"sha256:{'a' * 64}", f"sha256:{'b' * 64}")
    assert (own.version, own.relation) == ("0.1.0.pre", "direct")


def test_a_conflict_in_a_gemfile_lock_is_said() -> None:
    data = b"GEM\n  specs:\n    a (1.0)\n<<<<<<< HEAD\n    b (1.0)\n"
    assert "line 4" in read_as_far_as_possible(bundler, "Gemfile.lock", data)[1]


def test_a_composer_lock_may_have_a_list_for_an_empty_mapping_and_null_for_dev() -> None:
    data = b"""{"packages": [{"name": "A/B", "version": "v1.0", "require": [],
 "dist": {"type": "zip", "shasum": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}}],
 "packages-dev": null}"""
    (package,) = packages_of(composer, "composer.lock", data)
    assert (package.name, package.version) == ("a/b", "v1.0")
    assert package.hashes == ("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",)


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf"])
def test_byte_order_marks_before_xml_are_let_through(prefix: bytes) -> None:
    data = prefix + b'<?xml version="1.0"?><packages><package id="A" version="1"/></packages>'
    assert versions_of(packages_of(nuget, "packages.config", data)) == {"A": "1"}


def test_properties_that_grow_are_cut() -> None:
    doubled = "".join(
        f"<P{i + 1}>$(P{i})$(P{i})</P{i + 1}>" for i in range(60)
    )  # fmt: skip
    data = f"""<Project><PropertyGroup><P0>1</P0>{doubled}</PropertyGroup><ItemGroup>
<PackageVersion Include="A" Version="$(P60)"/><PackageVersion Include="$(Q)" Version="1"/>
</ItemGroup></Project>"""
    (package,) = packages_of(packages_props, "Directory.Packages.props", data.encode())
    assert len(package.version) <= 1024


def test_a_description_that_r_did_not_install_is_no_package() -> None:
    assert packages_of(r_installed, "DESCRIPTION", b"Package: a\nVersion: 1.0\n") == []
    assert packages_of(r_installed, "DESCRIPTION", b"\xff\x00") == []


def test_a_bioconductor_package_is_told_by_its_views() -> None:
    data = (
        b"Package: a\nVersion: 1.0\nbiocViews: Genetics\nLicense: GPL-2 |\n   GPL-3\nBuilt: R 4\n"
    )
    (package,) = packages_of(r_installed, "lib/a/DESCRIPTION", data)
    assert (package.type, package.licenses) == ("bioconductor", ("GPL-2", "GPL-3"))


def test_locked_rocks_to_build_or_test_with_are_for_development() -> None:
    data = b"""return {
   build_dependencies = {
      ["luarocks-build-rust"] = "0.2.0-1"
   },
   dependencies = {
      lpeg = "1.0.2-1",
      lua = "5.1-1"
   }
}
"""
    packages = packages_of(luarocks_lock, "luarocks.lock", data)
    assert [(p.name, p.version, p.dev, p.line) for p in packages] == [
        ("luarocks-build-rust", "0.2.0-1", True, 3),
        ("lpeg", "1.0.2-1", False, 6),
    ]


def test_the_log_of_perl_counts_the_last_installation() -> None:
    entry = "=head2 Mon Jan  1 00:00:00 2024: C<Module> L<A::B|A::B>\n\nC<VERSION: {}>\n\n"
    data = (entry.format("1.0") + entry.format("1.1")).encode()
    assert versions_of(packages_of(perl, "perllocal.pod", data)) == {"A-B": "1.1"}


SHAPES = [
    bundler, composer, nuget, packages_props, swift, cocoapods, pub, mix_lock, rebar_lock, haskell,
    renv, julia_manifest, conan_lock, carton, luarocks, luarocks_lock,
]  # fmt: skip


@pytest.mark.parametrize("analyzer", SHAPES, ids=lambda one: str(one.name))
@pytest.mark.parametrize("data", [b"bogus", b"x = [" + b"[" * 100_000])
def test_other_shapes_are_malformed(analyzer: Analyzer, data: bytes) -> None:
    assert read_as_far_as_possible(analyzer, "lock", data)[1]
