"""Categories of licences, and what a user's policy makes of them."""

from __future__ import annotations

import pytest

from pratique.errors import UsageError
from pratique.licenses.categories import CATEGORIES, category, google_class
from pratique.licenses.ids import LICENSES
from pratique.licenses.policy import class_by, exempted, is_ignored, read_policy, verdict

KNOWN = {
    "MIT": ("permissive", "notice"),
    "GPL-2.0-only OR MIT": ("permissive", "notice"),
    "GPL-2.0-only AND MIT": ("copyleft", "restricted"),
    "GPL-2.0-only WITH Classpath-exception-2.0": ("weak-copyleft", "reciprocal"),
    "LGPL-2.1-only": ("weak-copyleft", "restricted"),
    "MPL-2.0": ("weak-copyleft", "reciprocal"),
    "AGPL-3.0-only": ("network-copyleft", "forbidden"),
    "SSPL-1.0": ("source-available", "restricted"),
    "BUSL-1.1": ("source-available", "restricted"),
    "Elastic-2.0": ("source-available", "restricted"),
    "CC-BY-NC-SA-4.0": ("non-commercial", "forbidden"),
    "CC0-1.0": ("public-domain", "unencumbered"),
    "UNLICENSED": ("commercial", "restricted"),
    "BSD": ("permissive", "notice"),
    "LicenseRef-GPL-2.0-or-later-with-OpenSSL-exception": ("copyleft", "restricted"),
    "LicenseRef-Foo": ("unknown", "unknown"),
    "LicenseRef-Foo AND MIT": ("unknown", "unknown"),
    "LicenseRef-Foo AND GPL-3.0-only": ("copyleft", "restricted"),
    "LicenseRef-Foo OR MIT": ("permissive", "notice"),
    "no expression (": ("unknown", "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("expression", KNOWN)
def test_categories(expression: str) -> None:
    assert (category(expression), google_class(expression)) == KNOWN[expression]


def test_every_listed_licence_has_a_category() -> None:
    unknown = {id for id in LICENSES if category(id) == "unknown"}
    assert unknown == {"any-OSI", "any-OSI-perl-modules"}
    assert {category(id) for id in LICENSES} <= set(CATEGORIES)


POLICY = read_policy(
    {
        "allowed": ["permissive", "public-domain", "MPL 2.0", "GPL-2.0-only WITH Classpath-exception-2.0"],
        "denied": ["network-copyleft", "JSON"],
        "review": ["weak-copyleft"],
        "exceptions": [
            {"package": "libfoo*", "reason": "only used in the build", "until": "2027-01-01"},
            {"package": "bar", "version": "1.2", "license": "AGPLv3", "reason": "bought a licence"},
        ],
    },
    "pratique.yaml",
)  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "said", "rule"),
    [
        ("MIT", "allowed", "license.allowed: permissive"),
        ("MPL-2.0", "allowed", "license.allowed: MPL-2.0"),
        ("JSON", "denied", "license.denied: JSON"),
        ("AGPL-3.0-only", "denied", "license.denied: network-copyleft"),
        ("AGPL-3.0-only OR MIT", "allowed", "license.allowed: permissive"),
        ("AGPL-3.0-only AND MIT", "denied", "license.denied: network-copyleft"),
        ("EPL-2.0", "needs review", "license.review: weak-copyleft"),
        ("GPL-3.0-only", "needs review", "license.allowed does not name GPL-3.0-only"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "allowed",
         "license.allowed: GPL-2.0-only WITH Classpath-exception-2.0"),
    ],
)  # fmt: skip
def test_a_verdict_names_its_rule(expression: str, said: str, rule: str) -> None:
    assert verdict(expression, POLICY) == (said, rule)


def test_exceptions_have_a_scope_and_an_end() -> None:
    reason = "only used in the build"
    assert exempted("libfoo2", "1", "AGPL-3.0-only", POLICY, "2026-12-31") == (reason, "")
    assert exempted("libfoo2", "1", "AGPL-3.0-only", POLICY, "2027-01-01") == ("", "2027-01-01")
    assert exempted("bar", "1.2", "AGPL-3.0-only", POLICY, "2027-01-01")[0] == "bought a licence"
    assert exempted("bar", "1.3", "AGPL-3.0-only", POLICY, "2027-01-01") == ("", "")
    assert exempted("bar", "1.2", "GPL-3.0-only", POLICY, "2027-01-01") == ("", "")


def test_trivys_lists_say_what_is_forbidden() -> None:
    policy = read_policy({"forbidden": ["GPL-2.0"], "notice": ["LGPL-2.1-only"]}, "x")
    assert class_by("GPL-2.0-only", policy) == "forbidden"
    assert class_by("LGPL-2.1-only", policy) == "notice"
    assert class_by("MIT AND GPL-2.0-only", policy) == "forbidden"
    assert class_by("AGPL-3.0-only", policy) == "forbidden"


def test_an_and_is_ignored_if_every_part_is() -> None:
    assert is_ignored("MIT", ("MIT",))
    assert is_ignored("GPL-2.0-only", ("GPL-2.0",))
    assert is_ignored("MIT OR GPL-2.0-only", ("MIT",))
    assert not is_ignored("MIT AND GPL-2.0-only", ("MIT",))
    assert not is_ignored("MIT", ())


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ([], "`license` must be a mapping"),
        ({"alowed": []}, "license: unknown key 'alowed'"),
        ({"denied": "MIT"}, "license.denied must be a list"),
        ({"denied": [3]}, "license.denied: 3 is no licence"),
        ({"exceptions": [{"reason": "x"}]}, "each needs a `package`"),
        ({"exceptions": [{"package": "x"}]}, "x: a `reason` is missing"),
        ({"exceptions": [{"package": "x", "reason": "y", "until": "soon"}]}, "'soon' is no date"),
    ],
)
def test_a_policy_that_is_none_says_where(section: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_policy(section, "pratique.yaml")
