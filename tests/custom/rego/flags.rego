# METADATA
# title: COPY sets an owner
# custom:
#   id: ORG-0004
#   severity: LOW
#   input:
#     selector:
#     - type: dockerfile
package user.dockerfile.flags

import rego.v1

import data.lib.docker

deny contains result.new(msg, copy) if {
	some copy in docker.copy
	count([flag | some flag in copy.Flags; startswith(flag, "--chown")]) == 0
	msg := sprintf("COPY of %s has no --chown", [concat(", ", copy.Value)])
}
