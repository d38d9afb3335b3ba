"""Deliver changes as pull or merge requests: a branch that is pushed, and what is said of it."""
