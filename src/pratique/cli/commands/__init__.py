"""What can be asked for; one command a module, which says how it is called and who does it."""
