"""Signatures: by key pairs, as cosign keeps them, and without keys by Sigstore's authorities."""
