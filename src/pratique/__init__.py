"""Pratique: what is in an image, what is wrong with it, what to change, and the proof."""

__version__ = "0.1.0"
