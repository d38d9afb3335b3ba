"""API versions that Kubernetes no longer serves: since which release, and what replaces them.

After the project's deprecation guide
(https://kubernetes.io/docs/reference/using-api/deprecation-guide/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_TABLE = """
1.16 extensions/v1beta1 Deployment DaemonSet ReplicaSet -> apps/v1
1.16 extensions/v1beta1 NetworkPolicy -> networking.k8s.io/v1
1.16 extensions/v1beta1 PodSecurityPolicy -> policy/v1beta1
1.16 apps/v1beta1 Deployment StatefulSet ReplicaSet ControllerRevision -> apps/v1
1.16 apps/v1beta2 Deployment StatefulSet DaemonSet ReplicaSet ControllerRevision -> apps/v1
1.22 extensions/v1beta1 Ingress -> networking.k8s.io/v1
1.22 networking.k8s.io/v1beta1 Ingress IngressClass -> networking.k8s.io/v1
1.22 admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration ValidatingWebhookConfiguration -> admissionregistration.k8s.io/v1
1.22 apiextensions.k8s.io/v1beta1 CustomResourceDefinition -> apiextensions.k8s.io/v1
1.22 apiregistration.k8s.io/v1beta1 APIService -> apiregistration.k8s.io/v1
1.22 authentication.k8s.io/v1beta1 TokenReview -> authentication.k8s.io/v1
1.22 authorization.k8s.io/v1beta1 LocalSubjectAccessReview SelfSubjectAccessReview SubjectAccessReview SelfSubjectRulesReview -> authorization.k8s.io/v1
1.22 certificates.k8s.io/v1beta1 CertificateSigningRequest -> certificates.k8s.io/v1
1.22 coordination.k8s.io/v1beta1 Lease -> coordination.k8s.io/v1
1.22 rbac.authorization.k8s.io/v1alpha1 ClusterRole ClusterRoleBinding Role RoleBinding -> rbac.authorization.k8s.io/v1
1.22 rbac.authorization.k8s.io/v1beta1 ClusterRole ClusterRoleBinding Role RoleBinding -> rbac.authorization.k8s.io/v1
1.22 scheduling.k8s.io/v1beta1 PriorityClass -> scheduling.k8s.io/v1
1.22 storage.k8s.io/v1beta1 CSIDriver CSINode StorageClass VolumeAttachment -> storage.k8s.io/v1
1.25 batch/v1beta1 CronJob -> batch/v1
1.25 discovery.k8s.io/v1beta1 EndpointSlice -> discovery.k8s.io/v1
1.25 events.k8s.io/v1beta1 Event -> events.k8s.io/v1
1.25 autoscaling/v2beta1 HorizontalPodAutoscaler -> autoscaling/v2
1.25 policy/v1beta1 PodDisruptionBudget -> policy/v1
1.25 policy/v1beta1 PodSecurityPolicy -> Pod Security Admission
1.25 node.k8s.io/v1beta1 RuntimeClass -> node.k8s.io/v1
1.26 autoscaling/v2beta2 HorizontalPodAutoscaler -> autoscaling/v2
1.26 flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema PriorityLevelConfiguration -> flowcontrol.apiserver.k8s.io/v1
1.27 storage.k8s.io/v1beta1 CSIStorageCapacity -> storage.k8s.io/v1
1.29 flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema PriorityLevelConfiguration -> flowcontrol.apiserver.k8s.io/v1
1.32 flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema PriorityLevelConfiguration -> flowcontrol.apiserver.k8s.io/v1
"""  # noqa: E501 - a table


def _rows() -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for line in _TABLE.strip().splitlines():
        what, _, replacement = line.partition(" -> ")
        release, api_version, *kinds = what.split()
        for kind in kinds:
            yield (api_version, kind), (release, replacement)


REMOVED: Mapping[tuple[str, str], tuple[str, str]] = dict(_rows())
"""From API version and kind to the release that no longer serves it, and what to use instead."""
