"""The advisory database: a small file for each ecosystem, opened when a package of it is seen."""
