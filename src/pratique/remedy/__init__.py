"""What changes manifests and lock files: one file for each kind."""
