"""Secrets that were left in files, images and their configuration."""
