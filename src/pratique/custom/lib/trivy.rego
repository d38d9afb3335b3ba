# What policies that ignore findings call in Trivy.
package lib.trivy

import rego.v1

# `CVSS:3.1/AV:N/AC:L/…` as {"AttackVector": "Network", …} (CVSS v3.1 specification, table 15)
parse_cvss_vector_v3(vector) := {metrics[parts[0]].name: metrics[parts[0]].values[parts[1]] |
	some metric in split(vector, "/")
	parts := split(metric, ":")
	metrics[parts[0]]
}

impacts := {"H": "High", "L": "Low", "N": "None"}

metrics := {
	"AV": {"name": "AttackVector", "values": {
		"A": "Adjacent", "L": "Local", "N": "Network", "P": "Physical",
	}},
	"AC": {"name": "AttackComplexity", "values": {"H": "High", "L": "Low"}},
	"PR": {"name": "PrivilegesRequired", "values": impacts},
	"UI": {"name": "UserInteraction", "values": {"N": "None", "R": "Required"}},
	"S": {"name": "Scope", "values": {"C": "Changed", "U": "Unchanged"}},
	"C": {"name": "Confidentiality", "values": impacts},
	"I": {"name": "Integrity", "values": impacts},
	"A": {"name": "Availability", "values": impacts},
}
