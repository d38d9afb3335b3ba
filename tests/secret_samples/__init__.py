"""A labelled set of secrets, drawn to their formats; nothing of it is stored."""
