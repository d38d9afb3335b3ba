"""Who publishes advisories, and how; one publisher a module."""
