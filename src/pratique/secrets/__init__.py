"""Secrets that were left in files, images and their configuration.

trigger (hyperscan) → pattern → judgement → secret. Rules are in `rules`, one file a provider.
"""
