"""Licences: how they are named, told by their text, and what they ask of a user."""
