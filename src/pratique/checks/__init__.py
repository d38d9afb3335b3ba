"""Checks of configuration, one file each, in a folder for each kind of subject."""
