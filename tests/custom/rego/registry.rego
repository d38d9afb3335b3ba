# METADATA
# title: Images come from our registry
# description: Others are neither scanned nor kept.
# scope: package
# schemas:
#   - input: schema["dockerfile"]
# related_resources:
#   - https://example.com/registry
# custom:
#   id: ORG-0001
#   severity: HIGH
#   short_code: own-registry
#   recommended_actions: Use registry.example.com.
#   input:
#     selector:
#       - type: dockerfile
package user.dockerfile.registry

import rego.v1

import data.lib.docker

deny contains res if {
	some instruction in docker.from
	image := instruction.Value[0]
	not startswith(image, "registry.example.com/")
	not image in stages
	res := result.new(sprintf("%s is not from registry.example.com", [image]), instruction)
}

stages contains instruction.Value[2] if {
	some instruction in docker.from
	count(instruction.Value) == 3
}
