"""An index of gems on loopback: what Debian has of Rails as gems that install, and their old versions.

Names and versions are real, dependencies those of Debian's versions; of old versions there are no
contents, for they are only locked and never installed (guides.rubygems.org/rubygems-org-compact-index-api).
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from loopback import Answer, Asked

_PACK = r"""
require "fileutils"; require "rubygems/package"; require "tmpdir"
out, = ARGV
seen = {}
walk = lambda do |name|
  next if seen.key?(name) || name == "bundler"
  seen[name] = spec = Gem::Specification.find_by_name(name)
  spec.runtime_dependencies.each { |one| walk.(one.name) }
end
%w[rails rack-test].each(&walk)
seen.each_value do |spec|
  needs = spec.runtime_dependencies.reject { |one| one.name == "bundler" }
  wanted = needs.map { |one| "#{one.name}:#{one.requirement.as_list.join("&")}" }
  puts "gem #{spec.name} #{spec.version} #{wanted.join(",")}"
  owner = `dpkg -S #{spec.loaded_from} 2>/dev/null`[/\A[^:\s]+/]
  next if owner.nil? || spec.default_gem?
  Dir.mktmpdir do |root|
    `dpkg -L #{owner}`.lines(chomp: true).each do |file|
      next unless File.file?(file)
      inside = file[%r{/gems/#{Regexp.escape(spec.full_name)}/(.+)\z}, 1]
      so = file[%r{/extensions/.*/#{Regexp.escape(spec.full_name)}/(.+\.so)\z}, 1]
      inside ||= "lib/#{so}" if so
      inside ||= file[%r{/vendor_ruby/(?:3\.\d+\.0/)?(.+)\z}, 1]&.then { |one| "lib/#{one}" }
      next if inside.nil?
      FileUtils.mkdir_p(File.dirname(File.join(root, inside)))
      FileUtils.cp(file, File.join(root, inside))
    end
    Dir.chdir(root) do
      made = Gem::Specification.new(spec.name, spec.version) do |one|
        one.summary, one.authors = spec.name, ["Debian"]
        one.require_paths = (spec.require_paths.grep_v(%r{\A/}) + ["lib"]).uniq
        one.files = Dir["**/*"].select { |file| File.file?(file) }
        needs.each { |need| one.add_runtime_dependency(need.name, *need.requirement.as_list) }
      end
      FileUtils.mv(Gem::Package.build(made, true), out)
    end
  end
end
"""
RAILS = ("rails", "railties", "actioncable", "actionmailbox", "actionmailer", "actionpack", "actiontext",
         "actionview", "activejob", "activemodel", "activerecord", "activestorage", "activesupport")  # fmt: skip
OLD = dict.fromkeys(RAILS, "6.1.4") | {
    "rack": "2.2.3", "nokogiri": "1.11.0", "loofah": "2.9.0", "rails-html-sanitizer": "1.3.0",
    "websocket-extensions": "0.1.4",
}  # fmt: skip

OLD_NEEDS = {"rails-html-sanitizer": "loofah:~> 2.3"}


class GemIndex:
    """What answers for an index; `only_old` as it was years ago."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.only_old = True
        packed = subprocess.run(["ruby", "-e", _PACK, "--", str(folder)], check=True,
                                capture_output=True, text=True, cwd=folder)  # fmt: skip
        self.newest: dict[str, str] = {}
        self._needs: dict[str, str] = {}
        for line in packed.stdout.splitlines():
            if line.startswith("gem "):
                _, name, version, needs = line.split(" ", 3)
                self.newest[name], self._needs[name] = version, needs

    def __call__(self, asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        if path == "/versions":
            return self._text("created_at: 2026-01-01T00:00:00Z\n---\n" + "".join(
                f"{name} {','.join(self._versions(name))} {_md5(self._info(name))}\n"
                for name in self.newest
            ))  # fmt: skip
        if path == "/names":
            return self._text("---\n" + "".join(f"{name}\n" for name in self.newest))
        name = path.rpartition("/")[2]
        if path.startswith("/info/") and name in self.newest:
            return self._text(self._info(name))
        gem = self._folder / name
        if path.startswith("/gems/") and gem.is_file():
            return Answer(body=gem.read_bytes())
        return Answer(404)

    def _versions(self, name: str) -> list[str]:
        old = OLD.get(name)
        return [old] if old and self.only_old else [*filter(None, [old]), self.newest[name]]

    def _info(self, name: str) -> str:
        lines = [f"{version} {self._needed(name, version)}|checksum:{self._sum(name, version)}\n"
                 for version in self._versions(name)]  # fmt: skip
        return "---\n" + "".join(lines)

    def _needed(self, name: str, version: str) -> str:
        needs = self._needs[name]
        if version != OLD.get(name):
            return needs
        return OLD_NEEDS.get(name, needs).replace(self.newest["rails"], OLD["rails"])

    def _sum(self, name: str, version: str) -> str:
        gem = self._folder / f"{name}-{version}.gem"
        return hashlib.sha256(gem.read_bytes() if gem.is_file() else b"").hexdigest()

    def _text(self, text: str) -> Answer:
        return Answer(
            body=text.encode(), headers={"Content-Type": "text/plain", "ETag": f'"{_md5(text)}"'}
        )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
