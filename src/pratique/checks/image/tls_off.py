"""IMG-0030: the environment switches the verification of TLS certificates off."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_OFF = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "PYTHONHTTPSVERIFY": ("0",),
    "GIT_SSL_NO_VERIFY": ("1", "true", "yes"),
    "CURL_INSECURE": ("1", "true"),
    "NPM_CONFIG_STRICT_SSL": ("false",),
    "YARN_ENABLE_STRICT_SSL": ("false",),
    "GOINSECURE": (),
    "GONOSUMCHECK": ("1",),
    "GONOSUMDB": ("*",),
    "GOFLAGS": ("-insecure",),
    "GOSUMDB": ("off",),
    "PIP_TRUSTED_HOST": (),
    "CARGO_HTTP_CHECK_REVOKE": ("false",),
    "RUBYGEMS_SSL_VERIFY_MODE": ("0",),
    "AWS_EC2_METADATA_V1_DISABLED": ("false",),
    "VAULT_SKIP_VERIFY": ("1", "true"),
    "CONSUL_HTTP_SSL_VERIFY": ("false",),
    "DOCKER_TLS_VERIFY": ("0",),
    "REQUESTS_CA_BUNDLE": ("",),
    "CURL_CA_BUNDLE": ("",),
}
"""Settings, and the values that switch it off; none where any value but an empty one does."""


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for name, value in image.environment.items():
        values = _OFF.get(name.upper())
        if values is not None and (value.lower() in values or (not values and value)):
            yield Failure(f"ENV {name}={value} switches verification off")


check = Check(
    "IMG-0030",
    "Verification of TLS switched off",
    "Every connection of every container can be listened to and changed on the way, passwords "
    "included, and nothing says so.",
    "HIGH",
    "Leave the setting out; install the certificate of the authority that is missing.",
    _judge,
)
