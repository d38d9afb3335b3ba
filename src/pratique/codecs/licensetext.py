"""Read the shapes that package manifests of JSON write their licenses in."""

from __future__ import annotations


def license_names(*values: object) -> tuple[str, ...]:
    """Return the names in npm's `license` and `licenses`, and in composer's `license`.

    Each may be a string, an object with `type` or `name` (package.json before 2014), or a list.
    """
    names: dict[str, None] = {}
    for value in values:
        for item in value if isinstance(value, list) else [value]:
            name = _name(item).strip()
            if name:
                names[name] = None
    return tuple(names)


def _name(item: object) -> str:
    if isinstance(item, dict):
        item = item.get("type") or item.get("name")
    return item if isinstance(item, str) else ""
