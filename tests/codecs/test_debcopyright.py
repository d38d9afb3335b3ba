"""dpkg's copyright files: made up here after real ones, and those of a real image where there is one."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.debcopyright import read

BSD = "\n".join(f" {line}" for line in (
    "Redistribution and use in source and binary forms, with or without modification, are permitted",
    "provided that the following conditions are met: only half a text",
))  # fmt: skip
DEP5 = f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: frob

Files: *
Copyright: 2001-2010 Jo Example
           2011 Others
License: GPL-2+ with OpenSSL exception

Files: lib/*
Copyright: 2003, A B
License: LGPL-2.1+ or BSD-3-clause, and Expat

Files: x.c
Copyright: none
License: BSD-3-clause~frob
{BSD}

Files: y.c
Copyright: nobody
License: public-domain

Files: z.c
Copyright: someone
License: own-words

Files: debian/*
Copyright: 2015 A Maintainer
License: GPL-3+

License: own-words
 Do as you like.
"""


def test_the_machine_readable_form_without_its_packaging() -> None:
    found = read(DEP5)
    assert found.licenses == (
        "LicenseRef-GPL-2.0-or-later-with-OpenSSL-exception",
        "(LGPL-2.1-or-later OR BSD-3-Clause) AND MIT",
        "BSD-3-Clause",
        "public-domain",
        "own-words",
    )
    assert "Copyright 2001-2010 Jo Example" in found.copyrights
    assert not any("Maintainer" in claim for claim in found.copyrights)


def test_packaging_alone_counts() -> None:
    text = "Format: x\n\nFiles: debian/*\nCopyright: 2000 A\nLicense: GPL-2+\n"
    assert read(text).licenses == ("GPL-2.0-or-later",)


def test_free_text_names_grants_and_files() -> None:
    text = """This package was debianized by Jo Example.

    The library is free software; you can redistribute it under the terms of the GNU Lesser
    General Public License as published by the Free Software Foundation; either version 2.1
    of the License, or (at your option) any later version.

On Debian systems, the complete text of the GNU Lesser General Public License can be found in
`/usr/share/common-licenses/LGPL-2.1'.

The Debian packaging is (C) 2005, Jo Example, and licensed under the GNU General Public License,
version 2, see /usr/share/common-licenses/GPL-2.
"""
    assert read(text).licenses == ("LGPL-2.1-or-later",)


@given(st.text(max_size=400).map(lambda text: f"Format: x\n\nFiles: *\nLicense: {text}"))
def test_any_value_can_be_read(text: str) -> None:
    assert all(read(text).licenses)


@given(st.text(max_size=1000))
def test_any_file_can_be_read(text: str) -> None:
    assert isinstance(read(text).licenses, tuple)


IMAGE = Path(os.environ.get("PRATIQUE_DEBIAN_IMAGE", "debian-slim.tar"))
"""A docker archive of Debian 12: its minimal root, as debootstrap makes it."""
BY_HAND = {
    "adduser": {"GPL-2.0-or-later"}, "base-files": {"GPL-2.0-or-later"},
    "debconf": {"BSD-2-Clause"}, "debian-archive-keyring": {"GPL-2.0-or-later"},
    "grep": {"GPL-3.0-or-later"}, "hostname": {"GPL-2.0-only"}, "libseccomp2": {"LGPL-2.1-only"},
    "libcap2": {"BSD-3-Clause OR GPL-2.0-only"}, "libcrypt1": {"LGPL-2.1-or-later"},
    "libaudit1": {"GPL-2.0-only", "LGPL-2.1-only"}, "libxxhash0": {"BSD-2-Clause", "GPL-2.0-only"},
    "libtinfo6": {"MIT", "X11", "BSD-3-Clause"}, "mawk": {"GPL-2.0-only", "X11", "CC-BY-3.0"},
    "libzstd1": {"BSD-3-Clause OR GPL-2.0-only", "Zlib", "MIT"}, "tzdata": {"public-domain"},
    "usr-is-merged": {"GPL-2.0-or-later"}, "zlib1g": {"Zlib"},
    "libacl1": {"GPL-2.0-or-later", "LGPL-2.0-or-later"},
    "libsemanage2": {"LGPL-2.1-or-later"},
    "libtasn1-6": {"LGPL-2.1-or-later", "GPL-3.0-or-later", "GFDL-1.3-or-later", "GFDL-1.3-only"},
    "dash": {"BSD-3-Clause", "public-domain", "GPL-2.0-or-later"},
    "libcap-ng0": {"LGPL-2.1-or-later", "GPL-2.0-or-later"},
    "base-passwd": {"GPL-2.0-only", "public-domain"},
    "init-system-helpers": {"BSD-3-Clause", "GPL-2.0-or-later"},
    "libselinux1": {"libselinux-1.0", "public-domain", "GPL-2.0-only", "LGPL-2.1-or-later"},
    "liblz4-1": {"BSD-2-Clause", "GPL-2.0-or-later", "GPL-2.0-or-later OR BSD-2-Clause"},
    "libattr1": {"GPL-2.0-or-later", "LGPL-2.0-or-later"},
    "libdebconfclient0": {"BSD-2-Clause"}, "libaudit-common": {"GPL-2.0-only", "LGPL-2.1-only"},
    "tar": {"GPL-3.0-or-later", "GPL-3.0-or-later WITH Bison-exception-2.2", "LGPL-3.0-or-later"},
}  # fmt: skip


@pytest.mark.skipif(not IMAGE.exists(), reason="PRATIQUE_DEBIAN_IMAGE names no archive")
def test_packages_of_debian_that_were_read_by_hand() -> None:
    found = {}
    with tarfile.open(IMAGE) as archive:
        manifest = archive.extractfile("manifest.json")
        assert manifest
        for name in json.load(manifest)[0]["Layers"]:
            with tarfile.open(fileobj=archive.extractfile(name)) as layer:
                for member in layer:
                    parts = member.name.lstrip("./").split("/")
                    if parts[:3] == ["usr", "share", "doc"] and parts[-1] == "copyright":
                        content = layer.extractfile(member) if member.isfile() else None
                        if content:
                            found[parts[3]] = read(content.read().decode("utf-8", "replace"))
    assert {name: set(found[name].licenses) for name in BY_HAND} == BY_HAND
    assert all(one.licenses for one in found.values())
