"""Build the starter database that ships in the wheel: facts alone, from feeds that allow it.

    python scripts/build_starter.py FEED_MIRROR

FEED_MIRROR is a folder laid out as the publishers' hosts are. Ids, names, ranges, ratings and dates
go in; titles and descriptions do not. What is left out because of its licence: records converted
from victims-cve-db (CC-BY-SA), RubySec's of OSVDB's time, and Debian's fixes of packages whose own
licence is not permissive (they come from the packages' changelogs). Alpine's secdb has no licence
that is stated, so that none of it is here. NOTICE names the sources.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pratique.advisories.place import canonical
from pratique.advisories.shard import Origin, path_of
from pratique.advisories.write import write
from pratique.codecs import osv
from pratique.feeds.kev import parse as parse_kev
from pratique.feeds.nvd import parse as parse_nvd
from pratique.feeds.osv import version_key
from pratique.model.feed import About, Known

HERE = os.path.dirname(os.path.abspath(__file__))
STARTER = os.path.join(os.path.dirname(HERE), "src", "pratique", "starter")
HOST = "osv-vulnerabilities.storage.googleapis.com"
ECOSYSTEMS = ("PyPI", "npm", "Maven", "Go", "crates.io", "Packagist", "RubyGems", "Bitnami")
PERMISSIVE = frozenset({"openssl", "curl", "expat", "libxml2", "libxslt", "nghttp2", "ncurses",
                        "krb5"})  # fmt: skip
SHARE_ALIKE = "victims-cve-db"
OSVDB_ENDED = "2016-05"
"""RubySec says that older entries may derive from OSVDB, whose licence is not known."""


def main(mirror: str) -> None:
    dated = Origin("starter", built="2026-08-22T00:00:00Z")
    for name in os.listdir(STARTER):
        if name.endswith(".db"):
            os.unlink(os.path.join(STARTER, name))
    unrated: set[str] = set()
    for ecosystem in ECOSYSTEMS:
        records = list(advisories(mirror, ecosystem))
        unrated |= {
            cve for record in records if not record.advisory.ratings for cve in cves(record)
        }
        save(ecosystem, records, dated)
    debian = [r for r in advisories(mirror, "Debian") if r.name in PERMISSIVE]
    unrated |= {cve for record in debian for cve in cves(record)}
    save("Debian:12", debian, dated)
    with open(f"{mirror}/www.cisa.gov/sites/default/files/feeds/"
              "known_exploited_vulnerabilities.json", "rb") as file:  # fmt: skip
        save("KEV", [r for r in parse_kev(file, "KEV") if isinstance(r, Known)], dated)
    for year in sorted({cve[4:8] for cve in unrated}):
        flaws = [flaw for flaw in rated(mirror, year) if flaw.id in unrated]
        if flaws:
            save(f"CVE:{year}", flaws, dated)


def advisories(mirror: str, ecosystem: str) -> Iterator[About]:
    with zipfile.ZipFile(f"{mirror}/{HOST}/{ecosystem}/all.zip") as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if is_free(json.loads(data), ecosystem):
                for about in osv.affected(osv.read(data, name), version_key):
                    yield canonical(about)


def is_free(record: dict[str, Any], ecosystem: str) -> bool:
    """Tell whether a record may be drawn from."""
    if ecosystem == "RubyGems":
        is_old = str(record.get("published") or "") < OSVDB_ENDED
        return not is_old and "osvdb" not in json.dumps(record).lower()
    return SHARE_ALIKE not in str(record.get("database_specific"))


def rated(mirror: str, year: str) -> Iterator[Known]:
    for name in (str(max(int(year), 2002)), "modified"):
        path = f"{mirror}/nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-{name}.json.gz"
        with suppress(FileNotFoundError), open(path, "rb") as file:
            for known in parse_nvd(file, path):
                if isinstance(known, Known) and known.id[4:8] == year:
                    yield known


def cves(about: About) -> Iterator[str]:
    names = (about.advisory.id, *about.advisory.aliases, *about.advisory.covers)
    return (name for name in names if name.startswith("CVE-"))


def save(shard: str, records: list[About] | list[Known], origin: Origin) -> None:
    count = write(STARTER, shard, records, origin, prose=False)
    print(f"{shard:12} {count:6,} records {os.path.getsize(path_of(STARTER, shard)):10,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
