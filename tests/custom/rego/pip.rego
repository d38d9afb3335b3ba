# METADATA
# title: pip installs by hashes
# custom:
#   id: ORG-0003
#   severity: MEDIUM
#   input:
#     selector:
#     - type: dockerfile
package user.dockerfile.pip

import rego.v1

deny contains res if {
	some stage in input.Stages
	some command in stage.Commands
	command.Cmd == "run"
	regex.match(`\bpip3? install\b`, command.Value[0])
	not contains(command.Value[0], "--require-hashes")
	res := result.new("pip installs whatever it is given", command)
}
