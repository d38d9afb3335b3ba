"""The long names that Trivy has for its checks of Dockerfiles and manifests, beside their ids.

As `trivy-checks` names them in Trivy 0.76, without `docker-` and `kubernetes-`, `_` as `-`.
"""

from __future__ import annotations

from functools import cache

_NAMES = """
DS-0001 use-specific-tags
DS-0002 least-privilege-user
DS-0004 no-ssh-port
DS-0005 use-copy-over-add
DS-0006 no-self-referencing-copy-from
DS-0007 only-one-entrypoint
DS-0008 port-out-of-range
DS-0009 user-absolute-workdir
DS-0010 no-sudo-run
DS-0011 use-slash-for-copy-args
DS-0012 no-duplicate-alias
DS-0013 use-workdir-over-cd
DS-0014 standardise-remote-get
DS-0015 purge-yum-package-cache
DS-0016 only-one-cmd
DS-0017 no-orphan-package-update
DS-0019 purge-dnf-package-cache
DS-0020 purge-zipper-cache
DS-0021 use-apt-auto-confirm
DS-0022 no-maintainer
DS-0023 only-one-healthcheck
DS-0024 no-dist-upgrade
DS-0025 purge-apk-package-cache
DS-0026 no-healthcheck
DS-0027 purge-microdnf-package-cache
DS-0029 use-apt-no-install-recommends
DS-0030 avoid-sys-workdir-mounts
DS-0031 do-not-pass-secrets
KSV-0001 no-self-privesc
KSV-0002 use-default-apparmor-profile
KSV-0003 drop-default-capabilities
KSV-0004 drop-unused-capabilities
KSV-0005 no-sysadmin-capability
KSV-0006 no-docker-sock-mount
KSV-0007 no-hostaliases
KSV-0008 no-shared-ipc-namespace
KSV-0009 no-host-network
KSV-0010 no-host-pid
KSV-0011 limit-cpu
KSV-0012 no-root
KSV-0013 use-specific-tags
KSV-0014 use-readonly-filesystem
KSV-0015 no-unspecified-cpu-requests
KSV-0016 no-unspecified-memory-requests
KSV-0017 no-privileged-containers
KSV-0018 limit-memory
KSV-0020 use-high-uid
KSV-0021 use-high-gid
KSV-0022 no-non-default-capabilities
KSV-0023 no-mounted-hostpath
KSV-0024 no-host-port-access
KSV-0025 no-custom-selinux-options
KSV-0026 no-unsafe-sysctl
KSV-0027 no-custom-proc-mask
KSV-0028 no-non-ephemeral-volumes
KSV-0030 use-default-seccomp
KSV-0032 use-azure-image-prefix
KSV-0033 use-gcr-domain
KSV-0034 no-public-registries
KSV-0035 no-untrusted-ecr-domain
KSV-0036 no-auto-mount-service-token
KSV-0037 no-user-resources-in-system-namespace no-user-pods-in-system-namespace
KSV-0038 selector-usage-in-network-policies
KSV-0039 limit-range-usage
KSV-0040 resource-quota-usage
KSV-0041 no-manage-secrets
KSV-0042 no-delete-pod-logs
KSV-0043 no-impersonate-privileged-groups
KSV-0044 no-wildcard-verb-resource-role
KSV-0045 no-wildcard-verb-role
KSV-0046 no-wildcard-resource-clusterrole
KSV-0047 no-privilege-escalation-from-node-proxy
KSV-0048 deny-create-update-malicious-pod
KSV-0049 no-manage-configmaps
KSV-0050 no-privilege-escalation-rbac no-manage-rbac-resources
KSV-0051 do-not-allow-role-binding-associate-privileged-role
KSV-0052 allow-role-clusterrolebindings-associate-privileged-cluster-role
KSV-0053 no-getting-shell-pods
KSV-0054 no-attaching-shell-pods
KSV-0055 view-all-secrets
KSV-0056 no-manage-networking-resources
KSV-01010 configmap-with-sensitive
KSV-01011 no-system-authenticated-group-bind
KSV-0102 no-tiller
KSV-0103 no-hostprocess-containers
KSV-0104 no-seccomp-unconfined
KSV-0105 containers-not-run-as-root
KSV-0106 drop-caps-add-bind-svc
KSV-0107 evaluate-k8s-deprecated-removed-apis
KSV-0108 no-svc-with-extip
KSV-0109 configmap-with-secrets
KSV-0110 default-namespace-should-not-be-used
KSV-0111 cluster-admin0-role-only-used-where-required
KSV-0112 no-wildcard-resource-role
KSV-0113 no-manage-ns-secrets
KSV-0114 no-manage-webhook
KSV-0115 eks-iam-configmap
KSV-0116 primary-supplementary-gid
KSV-0117 no-privilege-port-binding
KSV-0118 no-default-security-context
KSV-0119 no-net-raw
KSV-0120 no-sysmodule-capability
KSV-0121 no-k8s-with-disallowed-volumes
KSV-0122 no-anonymous-user-bind
KSV-0123 no-system-masters-group-bind
KSV-0124 repo-ambiguous-prefix
KSV-0125 use-trusted-registry
"""


def id_of(name: str) -> str:
    """Return the id of a long name as people write it; empty for what is none."""
    plain = name.strip().lower().replace("_", "-")
    return _ids().get(plain.removeprefix("docker-").removeprefix("kubernetes-"), "")


@cache
def _ids() -> dict[str, str]:
    lines = (line.split() for line in _NAMES.split("\n"))
    return {name: words[0] for words in lines if words for name in words[1:]}
