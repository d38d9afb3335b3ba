"""Kubernetes objects as their manifests declare them, for checks to judge."""
