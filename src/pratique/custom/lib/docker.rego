# Instructions of a Dockerfile, by the names that checks written for Trivy know them by.
package lib.docker

import rego.v1

commands := [command | some stage in input.Stages; some command in stage.Commands]

named(name) := [command | some command in commands; command.Cmd == name]

in_stages(name) := {stage: found |
	some stage in input.Stages
	found := [command | some command in stage.Commands; command.Cmd == name]
}

instructions(name) := named(name)

stage_instructions(name) := in_stages(name)

from := named("from")

add := named("add")

arg := named("arg")

cmd := named("cmd")

copy := named("copy")

entrypoint := named("entrypoint")

env := named("env")

expose := named("expose")

healthcheck := named("healthcheck")

label := named("label")

maintainer := named("maintainer")

run := named("run")

user := named("user")

workdir := named("workdir")

stage_cmd := in_stages("cmd")

stage_copies := in_stages("copy")

stage_entrypoints := in_stages("entrypoint")

stage_healthcheck := in_stages("healthcheck")

stage_run := in_stages("run")

stage_user := in_stages("user")

split_cmd(script) := data.pratique.shell_commands(script)

# Which of the commands call a package manager with one of these words behind it.
command_indexes(commands_of_run, words, managers) := found if {
	found := [index |
		command := commands_of_run[index]
		command[at] in managers
		command[later] in words
		later > at
	]
	count(found) > 0
}
