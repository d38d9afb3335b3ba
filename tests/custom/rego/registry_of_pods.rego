package user.kubernetes.registry

__rego_metadata__ := {"id": "ORG-0008", "title": "Images come from our registry", "severity": "HIGH"}

__rego_input__ := {"selector": [{"type": "kubernetes"}]}

containers[container] {
	container := input.spec.template.spec.containers[_]
}

containers[container] {
	container := input.spec.containers[_]
}

deny[msg] {
	image := containers[_].image
	not startswith(image, data.registry.host)
	msg := sprintf("%s is not from %s", [image, data.registry.host])
}
