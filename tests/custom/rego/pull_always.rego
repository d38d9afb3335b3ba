# METADATA
# title: Images are pulled
# custom:
#   id: ORG-0007
#   severity: MEDIUM
#   input:
#     selector:
#     - type: kubernetes
package user.kubernetes.pull_always

import rego.v1

import data.lib.kubernetes

deny contains res if {
	some container in kubernetes.containers
	object.get(container, "imagePullPolicy", "") != "Always"
	res := result.new(sprintf("container %s is not pulled", [container.name]), container)
}
