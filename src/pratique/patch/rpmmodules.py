"""Module streams: packages of those that are not enabled are not for the image.

https://docs.fedoraproject.org/en-US/modularity/, modulemd 2.
"""

from __future__ import annotations

import configparser

from pratique.errors import MalformedError
from pratique.patch.root import Root

_LARGEST = 128 << 20


def enabled(root: Root) -> set[tuple[str, str]]:
    """Return the streams that dnf has enabled."""
    found = set()
    for path in root.files("etc/dnf/modules.d"):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string((root.read(path) or b"").decode("utf-8", "replace"))
        except configparser.Error:
            continue
        for name in parser.sections():
            options = parser[name]
            if options.get("state", "") == "enabled" and options.get("stream"):
                found.add((options.get("name", name), options["stream"]))
    return found


def artifacts(data: bytes, where: str, streams: set[tuple[str, str]]) -> dict[str, bool]:
    """Map the packages of all streams (`name-[epoch:]version.arch`) to whether theirs is enabled.

    The epoch is left out where it is 0.
    """
    import yaml  # noqa: PLC0415 - of repositories with modules alone

    if len(data) > _LARGEST:
        raise MalformedError(f"{len(data)} bytes of modules", where)
    found: dict[str, bool] = {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for document in yaml.load_all(data, Loader=loader):
            if not isinstance(document, dict) or document.get("document") != "modulemd":
                continue
            body = document.get("data") or {}
            stream = (str(body.get("name")), str(body.get("stream")))
            for rpm in (body.get("artifacts") or {}).get("rpms") or ():
                key = str(rpm).replace("-0:", "-", 1)
                found[key] = found.get(key, False) or stream in streams
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        raise MalformedError(f"modules that cannot be read: {error}"[:200], where) from error
    return found
