"""Pipelines for CI systems, one file each: build, scan, show, and fail by the policy.

They need no secret, and pin what they use by digest where the system can.
"""
