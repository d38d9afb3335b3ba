from __future__ import annotations

from pathlib import Path

from advisories.test_shards import records
from pratique.advisories.database import Database
from pratique.advisories.shard import Origin, path_of
from pratique.advisories.write import write


def test_a_look_up_touches_its_own_shard_alone(tmp_path: Path) -> None:
    """The other one cannot be opened at all."""
    write(str(tmp_path), "npm", records(10), Origin("test"))
    Path(path_of(str(tmp_path), "PyPI")).write_bytes(b"no database")
    database = Database(str(tmp_path), starter="")
    [known] = database.about("npm", "package-7") or ()
    assert database.advisory("npm", known.number).id == "GHSA-7"
    assert [shard.name for shard in database.shards()] == ["npm"]
