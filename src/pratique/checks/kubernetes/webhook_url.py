"""An admission webhook outside the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.part import Part
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        for hook, span in one.maps("webhooks"):
            if url := Part(hook, "").get("clientConfig", "url"):
                yield one.fails_at(f"sends objects to {url}", span)


check = Check(
    "K8S-0273",
    "An admission webhook outside the cluster",
    "Every object that it is asked about, secrets included, is sent to that address.",
    "MEDIUM",
    "Run the webhook in the cluster, and name its service.",
    _judge,
    (),
    ("https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/",),
)
