"""Read facts (packages, the distribution, owned files) from one file; one format a module."""
