"""Trivy's words: how it names distributions, splits versions and identifies packages."""

from __future__ import annotations

from pratique.model.inventory import Package

FAMILIES = {
    "almalinux": "alma", "rhel": "redhat", "amzn": "amazon", "ol": "oracle", "sled": "sles",
    "mariner": "cbl-mariner", "sle-micro": "slem", "sl-micro": "slem",
}  # fmt: skip
"""os-release's IDs that Trivy has other names for."""
AGGREGATED = {
    "python-pkg": "Python", "node-pkg": "Node.js", "gemspec": "Ruby", "jar": "Java",
    "conda-pkg": "Conda",
}  # fmt: skip
"""Types whose packages it puts together, and under which name; others stand by their files."""
TARGETS = AGGREGATED | {
    "nix": "Nix", "guix": "Guix", "homebrew": "Homebrew", "snap": "Snap", "flatpak": "Flatpak",
    "wordpress": "WordPress",
}  # fmt: skip
"""Under which name a report has results that do not stand by their files; ours are among them."""


def split(version: str, type_: str) -> tuple[str, str, int]:
    """Return version, release and epoch apart, as Trivy gives them for deb and rpm."""
    if type_ not in ("deb", "rpm"):
        return version, "", 0
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, release = rest.rpartition("-")
    return (
        upstream if dash else rest,
        release if dash else "",
        int(epoch) if epoch.isdecimal() and len(epoch) < 10 else 0,
    )


def package_id(package: Package) -> str:
    """Return `name@version`, for rpm with the architecture."""
    arch = f".{package.arch}" if package.type == "rpm" and package.arch else ""
    return f"{package.name}@{package.version}{arch}"
