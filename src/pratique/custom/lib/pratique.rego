# What checks written for Trivy call beside Rego's own functions.
package pratique

import rego.v1

result_new(msg, cause) := object.union({"msg": msg}, place(cause))

place(cause) := {"startline": known.startline, "endline": known.endline} if {
	is_object(cause)
	known := cause.__defsec_metadata
} else := {"startline": cause.StartLine, "endline": cause.EndLine} if {
	is_object(cause)
} else := {"startline": cause.startline, "endline": object.get(cause, "endline", cause.startline)} if {
	is_object(cause)
} else := {}

# every resource that is judged stands in a file of the user's
is_managed(_) := true

# The commands of a shell script, each as its words; quotes are not looked into.
shell_commands(script) := [words |
	some command in regex.split(`\s*(?:&&|\|\||;|\||\n)\s*`, script)
	words := [word | some word in regex.split(`\s+`, command); word != ""]
	count(words) > 0
]

# sprintf() puts quotes around what upper(), concat() and others return; trimming takes them off.
text(format, values) := sprintf(format, [plain(value) | some value in values])

plain(value) := trim_suffix(value, "") if is_string(value)

plain(value) := value if not is_string(value)
