# METADATA
# title: Objects name their owner
# custom:
#   id: ORG-0006
#   severity: LOW
#   input:
#     selector:
#     - type: kubernetes
package user.kubernetes.owner_label

import rego.v1

import data.lib.kubernetes

deny contains res if {
	kubernetes.kind in {"Deployment", "Pod", "Service"}
	not kubernetes.object.metadata.labels.owner
	msg := kubernetes.format(sprintf("%s %s has no label owner", [kubernetes.kind, kubernetes.name]))
	res := result.new(msg, kubernetes.object.metadata)
}
