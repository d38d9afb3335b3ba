"""A policy webhook is passed by when it fails."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "ValidatingWebhookConfiguration":
        for hook, span in one.maps("webhooks"):
            if hook.get("failurePolicy") == "Ignore":
                yield one.fails_at(f"lets everything in when {hook.get('name')} fails", span)


check = Check(
    "K8S-0270",
    "A policy webhook is passed by when it fails",
    "With failurePolicy Ignore everything is let in while the webhook does not answer, "
    "and it can be made not to.",
    "LOW",
    "Set failurePolicy to Fail, and leave out the namespaces that the cluster needs to start.",
    _judge,
    (),
    (
        "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy",
    ),
)
