"""Profiles of the scheduler can be asked for."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-scheduler"):
        if program.flag("profiling", "true") != "false":
            yield program.fails_with("gives profiles", "profiling")


check = Check(
    "K8S-1040",
    "Profiles of the scheduler can be asked for",
    "Profiles show what a program works on, and taking them slows it down.",
    "LOW",
    "Set --profiling=false.",
    _judge,
    ("KCV-0040", "CIS-1.4.1"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/",),
)
