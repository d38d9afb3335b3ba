"""Signed statements about images: made, attached in their registry, found and believed."""
