"""Documents in registries that are no images: databases, signatures, attestations."""
