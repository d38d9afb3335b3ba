"""Dockerfiles as BuildKit reads them: instructions, stages, shell commands, images."""
