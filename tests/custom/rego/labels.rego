package user.dockerfile.labels

__rego_metadata__ := {
	"id": "ORG-0002",
	"title": "Images name their owner",
	"severity": "LOW",
	"description": "Somebody must be asked.",
	"recommended_actions": "LABEL owner=team",
}

__rego_input__ := {"selector": [{"type": "dockerfile"}]}

has_owner {
	command := input.Stages[_].Commands[_]
	command.Cmd == "label"
	command.Value[_] == "owner"
}

deny[res] {
	not has_owner
	res := {"msg": "no LABEL owner", "startline": 1, "endline": 1}
}
