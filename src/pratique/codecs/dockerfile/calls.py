"""Calls of package managers and download tools: what they are asked to do, and to what."""

from __future__ import annotations

import re

from msgspec import Struct

from pratique.codecs.dockerfile.shell import Command
from pratique.codecs.dockerfile.words import Word

_APT = (
    "-o",
    "-c",
    "-t",
    "-a",
    "--option",
    "--config-file",
    "--target-release",
    "--default-release",
)
_DNF = ("-c", "-d", "-e", "-x", "--config", "--enablerepo", "--disablerepo", "--exclude",
    "--installroot",
        "--releasever", "--setopt", "--repo", "--repoid", "--enable-repo", "--rpmverbosity",
        "--color",
        "--forcearch", "--disableplugin", "--enableplugin")  # fmt: skip
_PIP = ("-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f",
        "--find-links", "-t", "--target", "--trusted-host", "--cache-dir", "--prefix", "--root",
        "--src",
        "--timeout", "--retries", "--proxy", "--cert", "--platform", "--python-version", "--python",
        "--no-binary", "--only-binary", "--progress-bar", "--upgrade-strategy", "--global-option",
        "--config-settings", "-C", "--abi", "--implementation", "--log", "--index-strategy", "-p",
        "--group", "--index", "--default-index", "--torch-backend")  # fmt: skip
_CURL = ("-o", "--output", "-H", "--header", "-d", "--data", "-u", "--user", "-A", "--user-agent",
    "-x",
         "--proxy", "-X", "--request", "--retry", "--retry-delay", "--connect-timeout", "-m",
         "--max-time",
         "--cacert", "--cert", "--key", "-b", "-c", "-e", "-F", "-T", "-w", "--write-out",
         "--proto",
         "--tlsv1.2", "--ciphers", "--resolve", "--output-dir", "-C", "-K", "--retry-max-time",
         "-r",
         "--max-redirs", "--data-binary", "--data-raw", "--proto-default", "--proto-redir",
         "--form")  # fmt: skip
_WGET = ("-O", "--output-document", "-P", "--directory-prefix", "-o", "--output-file", "-t",
    "--tries",
         "-T", "--timeout", "--header", "-U", "--user-agent", "--user", "--password", "-e",
         "--execute",
         "--ca-certificate", "-a", "-i", "-w", "--progress", "-Y",
         "--retry-on-http-error")  # fmt: skip
_VALUED: dict[str, tuple[str, ...]] = {
    "apt-get": _APT, "apt": _APT, "aptitude": _APT, "dnf": _DNF, "yum": _DNF, "microdnf": _DNF,
    "tdnf": _DNF, "zypper": ("-R", "--root", "-r", "--repo", "-t", "--type", "--from", "-p",
    "--plus-repo"),
    "apk": ("-t", "--virtual", "-X", "--repository", "-p", "--root", "--repositories-file",
    "--arch",
            "--keys-dir", "--cache-dir", "--wait"),
    "pip": _PIP, "uv": _PIP, "curl": _CURL, "wget": _WGET,
    "npm": ("--prefix", "--registry", "-w", "--workspace", "--loglevel", "--userconfig", "--cache",
    "-C",
            "--fetch-retries", "--fetch-timeout", "--tag", "--omit", "--include", "--only"),
    "yarn": ("--cwd", "--registry", "--cache-folder", "--modules-folder", "--network-timeout"),
    "pnpm": ("--dir", "-C", "--filter", "-F", "--registry", "--store-dir", "--prefix"),
    "gem": ("-v", "--version", "-i", "--install-dir", "-n", "--bindir", "-s", "--source", "-P",
    "--platform"),
    "go": ("-ldflags", "-tags", "-o", "-mod", "-gcflags", "-asmflags", "-C", "-p", "-trimpath="),
    "cargo": ("--version", "--vers", "--git", "--branch", "--tag", "--rev", "--path", "--root",
    "--features",
              "-F", "--target", "--registry", "--index", "-j", "--bin", "--profile"),
    "git": ("-c", "-C", "-b", "--branch", "--depth", "--git-dir", "--work-tree", "-o", "--origin",
    "-j"),
}  # fmt: skip
_PYTHON_PIP = re.compile(r"pip[\d.]*")
_PYTHON = re.compile(r"python[\d.]*|pypy[\d.]*")
DOWNLOADERS = ("curl", "wget")
_URL = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_INSTALLS = {"install", "add", "in", "localinstall", "reinstall", "groupinstall"}


class Call(Struct, frozen=True, gc=False):
    """A command of a tool that this knows the options of."""

    tool: str
    """`pip` also for `pip3` and `python -m pip`."""
    action: str
    """The first argument that is no option, for tools that have such: install, update, add."""
    options: tuple[Word, ...]
    operands: tuple[Word, ...]
    """What it is done to: packages, URLs."""
    command: Command
    verb: Word
    """Where its action is written; its program, where there is none."""

    @property
    def installs(self) -> bool:
        return self.action in _INSTALLS or (self.tool == "npm" and self.action in ("i", "add"))

    def has(self, *options: str) -> bool:
        """Tell whether one of some options is given; short ones may be bundled."""
        return any(_is(word.text, option) for word in self.options for option in options)

    def value(self, *options: str) -> str:
        """Return the value of the first of some options that is given."""
        texts = [word.text for word in self.options]
        for at, text in enumerate(texts):
            name, equals, value = text.partition("=")
            if name in options:
                return value if equals else "".join(texts[at + 1 : at + 2])
        return ""


def _is(text: str, option: str) -> bool:
    if option.startswith("--") or len(option) > 2:
        return text == option or text.startswith(option + "=")
    bundled = text.startswith("-") and not text.startswith("--") and "=" not in text
    return bundled and option[1] in text[1:]


def call(command: Command) -> Call | None:
    """Return a command as a call, where its tool is known."""
    tool, words = _tool(command)
    valued = _VALUED.get(tool)
    if valued is None:
        return None
    options: list[Word] = []
    operands: list[Word] = []
    at = 0
    while at < len(words):
        text = words[at].text
        if text.startswith("-") and len(text) > 1:
            options.append(words[at])
            if text in valued and at + 1 < len(words):
                at += 1
                options.append(words[at])
        else:
            operands.append(words[at])
        at += 1
    if tool in DOWNLOADERS or not operands:
        verb = command.words[0]
        return Call(tool, "", tuple(options), tuple(operands), command, verb)
    verb, *rest = operands
    if tool == "uv" and verb.text == "pip" and rest:
        verb, *rest = rest
    return Call(tool, verb.text, tuple(options), tuple(rest), command, verb)


def _tool(command: Command) -> tuple[str, tuple[Word, ...]]:
    name, words = command.name, command.words
    if _PYTHON_PIP.fullmatch(name):
        return "pip", words[1:]
    if _PYTHON.fullmatch(name):
        texts = [word.text for word in words]
        if "-m" in texts and texts[texts.index("-m") + 1 :][:1] == ["pip"]:
            return "pip", words[texts.index("-m") + 2 :]
        return "", ()
    return name, words[1:]


def urls(command: Command) -> list[Word]:
    """Return the arguments of a command that are URLs."""
    return [word for word in command.words[1:] if _URL.match(word.text)]


def is_download(command: Command) -> bool:
    """Tell whether a command fetches a file by HTTP."""
    return command.name in DOWNLOADERS and not {"--version", "--help"} & set(command.args)
