"""rpmdb.sqlite: packages and the tables that index them, as rpm writes them."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Mapping

from pratique.errors import MalformedError
from pratique.patch.resolution import Key
from pratique.patch.rpmheader import RpmHeader
from pratique.patch.rpmindexes import INDEXES, rows

_WHERE = "rpmdb.sqlite"


def settled(data: bytes, wal: bytes) -> bytes:
    """Return a database with what its write-ahead log holds beside it."""
    if not wal:
        return data
    with tempfile.TemporaryDirectory(prefix="pratique-") as folder:
        path = os.path.join(folder, "db")
        for name, content in ((path, data), (f"{path}-wal", wal)):
            with open(name, "wb") as file:
                file.write(content)
        try:
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.close()
        except sqlite3.Error as error:
            raise MalformedError(f"a damaged RPM database: {error}", _WHERE) from error
        with open(path, "rb") as file:
            return file.read()


def with_packages(data: bytes, packages: Mapping[Key, bytes]) -> bytes:
    """Return a database in which packages have the place of those of the same name and arch."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        # bytes 18 and 19 say that there is a write-ahead log, which memory has not
        connection.deserialize(data[:18] + b"\x01\x01" + data[20:])
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        numbers: dict[Key, int] = {}
        for number, blob in connection.execute("SELECT hnum, blob FROM Packages"):
            header = RpmHeader(blob, _WHERE)
            numbers[header.text(1000), header.text(1022)] = number
        connection.execute("BEGIN")
        for key, blob in packages.items():
            if key in numbers:
                _delete(connection, numbers[key], tables)
            _insert(connection, blob, tables)
        connection.execute("COMMIT")
        written = connection.serialize()
    except (sqlite3.Error, OverflowError) as error:
        raise MalformedError(f"a damaged RPM database: {error}", _WHERE) from error
    finally:
        connection.close()
    return written[:18] + data[18:20] + written[20:]


def _delete(connection: sqlite3.Connection, number: int, tables: set[str]) -> None:
    for table in INDEXES.keys() & tables:
        connection.execute(f"DELETE FROM '{table}' WHERE hnum = ?", (number,))  # noqa: S608
    connection.execute("DELETE FROM Packages WHERE hnum = ?", (number,))


def _insert(connection: sqlite3.Connection, blob: bytes, tables: set[str]) -> None:
    number = connection.execute("INSERT INTO Packages (blob) VALUES (?)", (blob,)).lastrowid
    header = RpmHeader(blob, _WHERE)
    for table in INDEXES:
        if table in tables:
            connection.executemany(
                f"INSERT INTO '{table}' VALUES (?, ?, ?)",  # noqa: S608 - a name of ours
                [(_key(key), number, index) for key, index in rows(header, table)],
            )


def _key(key: str | bytes) -> str | bytes:
    return key if isinstance(key, bytes) else key.encode("utf-8", "replace").decode()
