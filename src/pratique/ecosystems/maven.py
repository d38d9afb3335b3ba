"""Maven Central and what is published like it."""

from __future__ import annotations

from pratique.codecs.maven_version import version_key
from pratique.model.ecosystem import Ecosystem

maven = Ecosystem("Maven", "maven", version_key)
