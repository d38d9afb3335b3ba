# METADATA
# title: At least two replicas
# custom:
#   id: ORG-0010
#   severity: LOW
#   input:
#     selector:
#     - type: kubernetes
package user.kubernetes.replicas

import rego.v1

default replicas := 1

replicas := input.spec.replicas

deny contains res if {
	input.kind == "Deployment"
	replicas < 2
	res := result.new(sprintf("%d replica", [replicas]), input.spec)
}
