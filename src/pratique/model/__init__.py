"""The nouns: frozen records without behaviour but their own, one noun a module."""
