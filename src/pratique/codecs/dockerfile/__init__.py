"""Dockerfiles as BuildKit reads them: instructions, shell commands, stages, images, .dockerignore."""
