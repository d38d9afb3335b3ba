"""How an ecosystem orders versions and writes names; one version grammar a module."""
