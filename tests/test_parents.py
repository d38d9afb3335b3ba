"""Which direct packages keep another where it is, and what they are raised to."""

from __future__ import annotations

from pratique.model.inventory import Package
from pratique.parents import around, candidates, direct_of, keepers, raises
from projects import bump


def package(name: str, version: str, *depends: str, direct: bool = False) -> Package:
    return Package("x.lock", "x", "cargo", name, version, depends=depends,
                   relation="direct" if direct else "indirect")  # fmt: skip


LOCK = [
    package("web", "1.0.0", "http@0.1.0", direct=True), package("http", "0.1.0", "tls@0.1.0"),
    package("tls", "0.1.0"), package("tls", "0.3.0"), package("log", "1.0.0", "tls@0.3.0", direct=True),
    package("apart", "1.0.0", direct=True), Package("y.lock", "x", "cargo", "web", "9.0.0"),
]  # fmt: skip
TLS = bump("tls", "0.1.0", "0.2.0", "x.lock", direct=False)


def test_who_keeps_it_by_whatever_way() -> None:
    assert keepers(LOCK, TLS, "") == ["web", "log"]
    assert keepers(LOCK, TLS, "tls is required by apart==1.0.0.") == ["apart", "web", "log"]


def test_what_stands_around_a_flawed_version() -> None:
    assert around(LOCK, "x.lock", "tls", ["0.1.0"]) == (("http",), ("0.3.0",))
    assert around(LOCK, "x.lock", "tls", ["0.1.0", "0.3.0"]) == (("http", "log"), ())


def test_the_newest_of_the_series_before_that_of_the_next() -> None:
    there = ["1.0.0", "1.0.9", "1.0.10", "1.4.0", "2.0.0", "2.1.0-rc.1"]
    direct = direct_of(LOCK, "x.lock")
    found = list(candidates(["web"], direct, ("patch", "minor", "major"), lambda _: there))
    assert found == [{"web": "1.0.10"}, {"web": "1.4.0"}, {"web": "2.0.0"}]
    assert list(candidates(["web"], direct, ("patch",), lambda _: there)) == [{"web": "1.0.10"}]
    many = list(candidates(["web", "log", "apart"], direct, ("patch", "minor"), lambda _: there))
    assert len(many) == 3


def test_a_raise_says_what_it_is_for() -> None:
    [parent] = raises(TLS, {"web": "2.0.0"}, direct_of(LOCK, "x.lock"))
    assert (parent.name, parent.to, parent.level, parent.brings) == (
        "web",
        "2.0.0",
        "major",
        ("tls",),
    )
    assert parent.direct
