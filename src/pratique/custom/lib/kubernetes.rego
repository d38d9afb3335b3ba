# Parts of a Kubernetes object, by the names that checks written for Trivy know them by.
package lib.kubernetes

import rego.v1

default is_gatekeeper := false

is_gatekeeper if input.review.object

object := input.review.object if is_gatekeeper

object := input if not is_gatekeeper

format(msg) := {"msg": msg} if is_gatekeeper

format(msg) := msg if not is_gatekeeper

name := object.metadata.name

default namespace := "default"

namespace := object.metadata.namespace

kind := object.kind

api_version := object.apiVersion

is_pod if kind == "Pod"

is_cronjob if kind == "CronJob"

default is_controller := false

is_controller if kind in {
	"DaemonSet", "Deployment", "DeploymentConfig", "Job", "ReplicaSet", "ReplicationController",
	"StatefulSet",
}

is_role_binding_kind if kind in {"RoleBinding", "ClusterRoleBinding", "ClusterRolebinding"}

pods contains object if is_pod

pods contains object.spec.template if is_controller

pods contains object.spec.jobTemplate.spec.template if is_cronjob

pod_containers(pod) := [found |
	some key in ["containers", "initContainers"]
	some container in pod.spec[key]
	found := object_union(container, inherited(pod, container))
]

object_union(first, second) := {key: value |
	some key in object_keys(first) | object_keys(second)
	value := object_get(second, key, object_get(first, key, null))
}

object_keys(some_object) := {key | _ = some_object[key]}

object_get(some_object, key, _) := some_object[key]

object_get(some_object, key, otherwise) := otherwise if not has_field(some_object, key)

# What a pod says of all its containers holds where they say nothing themselves.
inherited(pod, container) := {"securityContext": of_both} if {
	of_pod := {key: value |
		some key in ["runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile", "seLinuxOptions"]
		value := pod.spec.securityContext[key]
	}
	of_both := object_union(of_pod, object_get(container, "securityContext", {}))
	count(of_both) > 0
} else := {}

containers contains container if {
	some pod in pods
	some container in pod_containers(pod)
}

volumes contains volume if {
	some pod in pods
	some volume in pod.spec.volumes
}

annotations contains pod.metadata.annotations if some pod in pods

host_ipcs contains pod.spec.hostIPC if some pod in pods

host_networks contains pod.spec.hostNetwork if some pod in pods

host_pids contains pod.spec.hostPID if some pod in pods

host_aliases contains pod.spec if some pod in pods

split_image(image) := [image, "latest"] if not contains(image, ":")

split_image(image) := [parts[0], parts[1]] if {
	parts := split(image, ":")
	count(parts) == 2
}

dropped_capability(container, capability) if capability in container.securityContext.capabilities.drop

added_capability(container, capability) if capability in container.securityContext.capabilities.add

has_field(some_object, field) if _ = some_object[field]

command_has_flag(command, flag) if {
	some word in command
	regex.match(flag, word)
}

no_read_only_filesystem(container) if not container.securityContext.readOnlyRootFilesystem

privilege_escalation_allowed(container) if {
	not has_field(object_get(container, "securityContext", {}), "allowPrivilegeEscalation")
}

privilege_escalation_allowed(container) if container.securityContext.allowPrivilegeEscalation
