"""Environment variables that switch the verification of TLS certificates off."""

from __future__ import annotations

_ANY = ("*",)
_OFF = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "PYTHONHTTPSVERIFY": ("0",),
    "GIT_SSL_NO_VERIFY": ("1", "true", "yes"),
    "CURL_INSECURE": ("1", "true"),
    "NPM_CONFIG_STRICT_SSL": ("false",),
    "YARN_ENABLE_STRICT_SSL": ("false",),
    "YARN_STRICT_SSL": ("false",),
    "GOINSECURE": _ANY,
    "GOSUMDB": ("off",),
    "PIP_TRUSTED_HOST": _ANY,
    "VAULT_SKIP_VERIFY": ("1", "true"),
    "CONSUL_HTTP_SSL_VERIFY": ("false", "0"),
    "NOMAD_SKIP_VERIFY": ("1", "true"),
    "DENO_TLS_CA_STORE": (),
    "ELASTICSEARCH_SSL_VERIFICATIONMODE": ("none",),
    "LDAP_TLS_REQCERT": ("never",),
    "LDAPTLS_REQCERT": ("never",),
}


def switches_off(name: str, value: str) -> bool:
    """Tell whether a setting with this value switches verification off."""
    values = _OFF.get(name.upper(), ())
    return bool(value) and (values is _ANY or value.lower() in values)
