"""Checks of Dockerfiles, and of what BuildKit and buildah read as such."""
