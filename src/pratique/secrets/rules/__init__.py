"""What secrets look like: one file a provider or family of providers."""
