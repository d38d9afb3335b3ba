# METADATA
# title: Services have no node port
# custom:
#   id: ORG-0009
#   severity: CRITICAL
#   input:
#     selector:
#     - type: kubernetes
#       subtypes:
#         - kind: service
package user.kubernetes.node_port

import rego.v1

deny contains {"msg": "a node port", "startline": 1, "endline": 2} if {
	input.kind == "Service"
	input.spec.type == "NodePort"
}
