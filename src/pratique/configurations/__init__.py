"""Kinds of configuration, one file each: how its documents become subjects of checks."""
