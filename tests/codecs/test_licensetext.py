from __future__ import annotations

from pratique.codecs.licensetext import license_names


def test_names_are_taken_from_strings_objects_and_lists_once_each() -> None:
    mixed = ["ISC", {"name": "BSD"}, "MIT", " ", None, 7, {"type": ["x"]}]
    assert license_names("MIT", {"type": "MIT", "url": "u"}, mixed) == ("MIT", "ISC", "BSD")


def test_nothing_gives_nothing() -> None:
    assert license_names(None, [], {}, "") == ()
