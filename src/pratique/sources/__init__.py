"""Where images come from; one kind of place a module."""
