"""Checks of a built image: its configuration, its history, its file system."""
