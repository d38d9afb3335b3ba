"""A list of allowed registries is too open."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_PATH = ("spec", "parameters", "repos")


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "K8sAllowedRepos":
        for name, span in zip(one.items(*_PATH), one.items(*_PATH).spans, strict=True):
            if isinstance(name, str) and not name.endswith("/") and "@" not in name:
                yield one.fails_at(f"allows whatever begins with {name}", span)


check = Check(
    "K8S-0124",
    "A list of allowed registries is too open",
    "Gatekeeper compares beginnings: without a slash at the end `example.com` also allows "
    "example.com.attacker.net.",
    "HIGH",
    "End each entry with a slash.",
    _judge,
    ("KSV-0124",),
    ("https://open-policy-agent.github.io/gatekeeper-library/website/validation/allowedrepos/",),
)
