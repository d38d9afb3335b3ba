"""Habits that Dockerfiles are brought to: one file each. What is not certain is advised only."""
