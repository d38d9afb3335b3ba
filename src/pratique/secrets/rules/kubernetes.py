"""Kubernetes and OpenShift."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import claims, genuine, starts
from pratique.secrets.shapes import token


def _is_account(secret: str) -> bool:
    """Tell that a JSON Web Token is that of a service account."""
    body = claims(secret)[1]
    return body.get("iss") == "kubernetes/serviceaccount" or "kubernetes.io" in body


client_key = SecretRule(
    "kubeconfig-client-key",
    "Kubernetes",
    "Key of a client certificate in a kubeconfig: acts as its user in the cluster",
    "HIGH",
    r"""client-key-data["']?:[ ]{0,4}["']?(?P<secret>LS0tLS1CRUdJTi[A-Za-z0-9+/]{100,8000}={0,2})""",
    keywords=("client-key-data",),
    holds=starts(b"-----BEGIN"),
)
account_token = SecretRule(
    "kubernetes-service-account-token",
    "Kubernetes",
    "Token of a service account: acts as it in the cluster",
    "HIGH",
    token(
        "eyJ[A-Za-z0-9_-]{15,400}[.]eyJ[A-Za-z0-9_-]{60,3000}[.][A-Za-z0-9_-]{80,1000}",
        end="A-Za-z0-9_-",
    ),
    keywords=("eyj",),
    holds=_is_account,
)
bootstrap = SecretRule(
    "kubernetes-bootstrap-token",
    "Kubernetes",
    "Bootstrap token of Kubernetes: joins nodes to the cluster",
    "HIGH",
    r"""(?i:kubeadm|bootstrap|--token|kubelet)[^\r\n]{0,120}(?:[ =:"'])(?P<secret>[a-z0-9]{6}[.][a-z0-9]{16})(?:$|[^A-Za-z0-9._-])""",
    keywords=("kubeadm", "bootstrap", "--token", "kubelet"),
    holds=genuine,
    least_entropy=3.4,
)
openshift = SecretRule(
    "openshift-access-token",
    "OpenShift",
    "Access token of OpenShift: acts as its user in the cluster",
    "HIGH",
    token("sha256~[A-Za-z0-9_-]{43}", end="A-Za-z0-9_-"),
    keywords=("sha256~",),
    holds=genuine,
    least_entropy=4.0,
)
rancher = SecretRule(
    "rancher-api-token",
    "Rancher",
    "API token of Rancher: its clusters",
    "HIGH",
    token("(?:token|kubeconfig-u)-[a-z0-9]{5,10}:[a-z0-9]{54}"),
    keywords=("token-", "kubeconfig-u-"),
    holds=genuine,
    least_entropy=4.0,
)
