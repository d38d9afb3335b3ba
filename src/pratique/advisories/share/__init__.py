"""Databases that are shared: written to and taken from registries, OCI layouts and single files."""
