"""Checks of Compose services."""
