"""An Ingress does not lead to HTTPS."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for key, value in (
        one.mapping("metadata", "annotations").items() if one.kind == "Ingress" else ()
    ):
        if key.endswith("ssl-redirect") and str(value).lower() == "false":
            yield one.fails(
                f"switches {key.rpartition('/')[2]} off", "metadata", "annotations", key
            )


check = Check(
    "K8S-0265",
    "An Ingress does not lead to HTTPS",
    "With the redirect switched off those who come by HTTP stay there, unencrypted.",
    "LOW",
    "Remove the annotation.",
    _judge,
    (),
    ("https://kubernetes.github.io/ingress-nginx/user-guide/tls/",),
)
