# METADATA
# title: No curl in RUN
# custom:
#   id: ORG-0012
#   severity: MEDIUM
#   input:
#     selector:
#     - type: dockerfile
package user.dockerfile.shell

import rego.v1

import data.lib.docker

deny contains res if {
	some run in docker.run
	some words in docker.split_cmd(run.Value[0])
	words[0] == "curl"
	res := result.new("curl is called", run)
}
