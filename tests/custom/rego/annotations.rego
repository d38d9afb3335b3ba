# METADATA
# title: No annotation of the old ingress
# custom:
#   id: ORG-0011
#   severity: LOW
#   input:
#     selector:
#     - type: kubernetes
package user.kubernetes.annotations

import rego.v1

deny contains sprintf("annotation %s", [key]) if {
	some key, _ in input.metadata.annotations
	startswith(key, "ingress.example.com/")
}
