"""What classes use of others, before and after these are another version."""

from __future__ import annotations

from java_classes import java_class
from pratique.codecs.classfile import ClassFile, read_class
from pratique.codecs.java_linkage import broken


def classes(*data: bytes) -> dict[str, ClassFile]:
    return {one.name: one for one in (read_class(d, "x") for d in data)}


USER = read_class(
    java_class("app/Main", uses=[("lib/A", "go", "()V"), ("lib/A", "hashCode", "()I"),
                                 ("jdk/Other", "x", "()V")], names=["lib/B"]), "x",
)  # fmt: skip
BEFORE = classes(java_class("lib/A", methods=[("go", "()V")]), java_class("lib/B"))


def told(
    before: dict[str, ClassFile], after: dict[str, ClassFile], own: tuple[str, ...] = ()
) -> list[str]:
    return list(broken(USER, own, before, after))


def test_the_same_is_there() -> None:
    assert told(BEFORE, BEFORE) == []


def test_a_method_and_a_class_that_are_gone() -> None:
    assert told(BEFORE, classes(java_class("lib/A"))) == [
        "app.Main uses lib.B", "app.Main uses lib.A.go()"]  # fmt: skip


def test_another_descriptor_is_another_method() -> None:
    after = BEFORE | classes(java_class("lib/A", methods=[("go", "(I)V")]))
    assert told(BEFORE, after) == ["app.Main uses lib.A.go()"]


def test_a_method_that_moved_up_is_found() -> None:
    up = classes(java_class("lib/A", above="lib/Up"), java_class("lib/Up", methods=[("go", "()V")]))
    assert told(BEFORE, BEFORE | up) == []
    seen = classes(
        java_class("lib/A", interfaces=["lib/Up"]), java_class("lib/Up", methods=[("go", "()V")])
    )
    assert told(BEFORE, BEFORE | seen) == []


def test_what_is_private_now_is_gone() -> None:
    after = BEFORE | classes(java_class("lib/A", private=[("go", "()V")]))
    assert told(BEFORE, after) == ["app.Main uses lib.A.go()"]


def test_what_leads_out_of_the_archives_is_taken_to_be_there() -> None:
    after = BEFORE | classes(java_class("lib/A", above="java/util/ArrayList"))
    assert told(BEFORE, after) == []


def test_a_constructor_is_not_inherited() -> None:
    user = read_class(java_class("app/M", uses=[("lib/A", "<init>", "(I)V")]), "x")
    up = classes(
        java_class("lib/A", above="lib/Up"), java_class("lib/Up", methods=[("<init>", "(I)V")])
    )
    old = classes(java_class("lib/A", methods=[("<init>", "(I)V")]))
    assert list(broken(user, (), old, up)) == ["app.M uses lib.A.<init>()"]


def test_its_own_archive_does_not_count() -> None:
    assert told(BEFORE, {}, own=("lib/A", "lib/B")) == []


def test_a_new_class_needs_what_was_never_there() -> None:
    there = classes(java_class("lib/A"), java_class("lib/B"))
    assert list(broken(USER, (), there, there)) == ["app.Main uses lib.A.go()"]
    assert told(there, dict(there)) == []  # it did not work before either


def test_classes_that_are_above_each_other_end() -> None:
    ring = classes(java_class("lib/A", above="lib/B"), java_class("lib/B", above="lib/A"))
    assert told(BEFORE, ring) == ["app.Main uses lib.A.go()", "app.Main uses lib.A.hashCode()"]
