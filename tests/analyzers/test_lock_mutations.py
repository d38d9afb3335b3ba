from __future__ import annotations

import os
import random
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locks import LOCKS, every
from memory import MemoryFile
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer

EXAMPLES = int(os.environ.get("PRATIQUE_EXAMPLES", "30"))
BYTES = b"\0\n\r\t \"'#%&()*,-:;=@[\\]{}~09az\x80\xff"


def mutated(data: bytes, seed: int) -> bytes:
    """Cut, flip, double and delete parts of a file, as damage and hostility do."""
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 6)):
        lines = data.split(b"\n")
        at, line = dice.randrange(len(data) + 1), dice.randrange(len(lines))
        match dice.randrange(7):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + bytes([dice.choice(BYTES)]) + data[at + 1 :]
            case 2:
                data = data[:at] + bytes([dice.choice(BYTES)]) + data[at:]
            case 3:
                del lines[line : line + dice.randint(1, 5)]
                data = b"\n".join(lines)
            case 4:
                data = b"\n".join([*lines[:line], *lines[max(0, line - 3) :]])
            case 5:
                data = data[:at] + data[at + dice.randint(1, 40) :]
            case _:
                digits = str(dice.choice([0, -1, 10**30])).encode()
                data = data[:at] + digits + data[at:]
    return data


@pytest.mark.parametrize(("path", "analyzer"), every(), ids=lambda one: getattr(one, "name", one))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_damage_is_malformed_at_worst(path: str, analyzer: Analyzer, seed: int) -> None:
    data = mutated((LOCKS / path).read_bytes(), seed)
    with suppress(MalformedError):
        for package in analyzer.analyze(MemoryFile(path, data)):
            assert package.path == path
