"""Pratique: what is in an image, what is wrong with it, what to change, and the proof."""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # typing's costs 5 ms to import
if TYPE_CHECKING:
    from pratique.model.report import Report
    from pratique.model.settings import Settings
    from pratique.scanning import scan, scan_directory, scan_sbom

__all__ = ["Report", "Settings", "__version__", "scan", "scan_directory", "scan_sbom"]

_HOMES = {
    "Report": "pratique.model.report",
    "Settings": "pratique.model.settings",
    "scan": "pratique.scanning",
    "scan_directory": "pratique.scanning",
    "scan_sbom": "pratique.scanning",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_HOMES[name]), name)
