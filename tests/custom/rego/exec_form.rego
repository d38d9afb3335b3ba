# METADATA
# title: CMD in exec form
# custom:
#   id: ORG-0005
#   severity: LOW
#   input:
#     selector:
#     - type: dockerfile
package user.dockerfile.exec_form

import rego.v1

deny contains res if {
	command := input.Stages[_].Commands[_]
	command.Cmd in {"cmd", "entrypoint"}
	not command.JSON
	res := result.new(sprintf("%s in shell form", [upper(command.Cmd)]), command)
}
