"""Compose files (compose-spec.io), as far as their checks look: services with their lines."""
