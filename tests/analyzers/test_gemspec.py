from __future__ import annotations

import pytest

from pratique.analyzers.gemspec import gemspec
from reading import packages_of, read_as_far_as_possible

PATH = "usr/lib/ruby/gems/3.1.0/specifications/rake-13.0.6.gemspec"
INSTALLED = b"""\
# -*- encoding: utf-8 -*-
# stub: rake 13.0.6 ruby lib

Gem::Specification.new do |s|
  s.name = "rake".freeze
  s.version = "13.0.6"
  s.licenses = ["MIT".freeze, "Ruby".freeze]
end
"""


def test_a_specification_that_rubygems_wrote_is_read() -> None:
    (package,) = packages_of(gemspec, PATH, INSTALLED)
    assert (package.name, package.version, package.type) == ("rake", "13.0.6", "gem")
    assert package.licenses == ("MIT", "Ruby")


@pytest.mark.parametrize(
    "version", ['"1.2"', "'1.2'", "%q{1.2}", 'Gem::Version.new("1.2")', 'Gem::Version.new "1.2"']
)
def test_a_version_may_be_written_in_several_ways(version: str) -> None:
    source = f"Gem::Specification.new do |s|\n  s.name = %q{{a}}\n  s.version = {version}\n"
    (package,) = packages_of(gemspec, PATH, source.encode())
    assert (package.name, package.version) == ("a", "1.2")


def test_one_license_needs_no_list() -> None:
    source = b"# stub: a 1 ruby lib\n  spec.license = 'MIT'\n  spec.required_version = '9'\n"
    (package,) = packages_of(gemspec, PATH, source)
    assert (package.version, package.licenses) == ("1", ("MIT",))


@pytest.mark.parametrize("source", [b"", b"s.name = 'a'\ns.version = A::VERSION\n", b"\xff\0"])
def test_a_version_that_must_be_computed_is_malformed(source: bytes) -> None:
    _, error = read_as_far_as_possible(gemspec, PATH, source)
    assert "literal" in error
