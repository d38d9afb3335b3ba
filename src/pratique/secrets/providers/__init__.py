"""Who can be asked about a secret: one file a provider."""
