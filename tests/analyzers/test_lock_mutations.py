from __future__ import annotations

import os
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locks import LOCKS, every
from memory import MemoryFile
from mutation import mutated
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.analyzer import Analyzer

EXAMPLES = int(os.environ.get("PRATIQUE_EXAMPLES", "30"))


@pytest.mark.parametrize(("path", "analyzer"), every(), ids=lambda one: getattr(one, "name", one))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_damage_is_malformed_at_worst(path: str, analyzer: Analyzer, seed: int) -> None:
    data = mutated((LOCKS / path).read_bytes(), seed)
    with suppress(MalformedError, LimitExceeded):
        for package in analyzer.analyze(MemoryFile(path, data)):
            assert package.path == path
