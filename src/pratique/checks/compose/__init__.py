"""Checks of Compose files; those of section 5 of the CIS Docker Benchmark (1.6) name its items.

What is absent is told on the line of the service's name, and only of a service that is whole: an
override file or a part that others extend says what it changes.
"""
