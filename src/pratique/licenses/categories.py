"""What licences ask of who passes a program on: a table of facts, and of expressions."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache

from pratique.licenses.evaluate import evaluate
from pratique.licenses.ids import LICENSES

CATEGORIES = (
    "public-domain", "permissive", "weak-copyleft", "copyleft", "network-copyleft",
    "source-available", "non-commercial", "commercial", "unknown",
)  # fmt: skip
"""From the mildest to the strictest; what is unknown may be anything."""
CLASSES = (
    "unencumbered",
    "permissive",
    "notice",
    "reciprocal",
    "restricted",
    "forbidden",
    "unknown",
)
"""The words that Trivy has, after Google's classification, in the same order."""
SEVERITY = {"unencumbered": "LOW", "permissive": "LOW", "notice": "LOW", "reciprocal": "MEDIUM",
            "restricted": "HIGH", "forbidden": "CRITICAL", "unknown": "UNKNOWN"}  # fmt: skip
_CLASS_OF = {
    "public-domain": "unencumbered", "permissive": "notice", "weak-copyleft": "reciprocal",
    "copyleft": "restricted", "network-copyleft": "forbidden", "source-available": "restricted",
    "non-commercial": "forbidden", "commercial": "restricted", "unknown": "unknown",
}  # fmt: skip
_CLASS_OF_IDS = {
    "restricted": "LGPL-* NPL-1.? QPL-1.0* CC-BY-ND-* CC-BY-SA-*",
    "forbidden": "WTFPL",
}
"""Where Google's class is another than that of our category."""
_TABLE = {
    "public-domain": """
        0BSD ANTLR-PD ANTLR-PD-fallback CC-PDDC CC-PDM-1.0 CC0-1.0 DL-DE-ZERO-2.0 MIT-0
        NCBI-PD NIST-PD* NTIA-PD PDDL-1.0 SAX-PD SAX-PD-2.0 Saxpath Unlicense
        Unlicense-* blessing libselinux-1.0 NTP-0 public-domain""",
    "weak-copyleft": """
        APSL-* Artistic-1.0* Artistic-2.0 ClArtistic Artistic-dist BitTorrent-* CDDL-*
        CECILL-C CERN-OHL-1.* CERN-OHL-W-* CDLA-Sharing-1.0 COIL-1.0 CPL-1.0 CUA-OPL-1.0
        CATOSL-1.1 Condor-1.1 DSDP EPL-* ErlPL-1.1 ESA-PL-weak-* EUPL-* Frameworx-1.0
        FreeImage gSOAP-1.3b GFDL-* IPA IPL-1.0 Imlib2 Interbase-1.0 LAL-* LGPL-* LGPLLR
        LiLiQ-R-* LPL-1.* LPPL-* Linux-man-pages-copyleft* MMPL-* MPL-* MS-RL Motosoto
        MTLL Nokia NASA-1.3 NOSL NPL-1.? Naumen OCLC-2.0 OCCT-PL ODbL-1.0 OFL-* OGTSL
        OPL-1.0 OPUBL-1.0 OSET-PL-2.1 QPL-1.0* RHeCos-1.1 RPSL-1.0 RSCPL Ruby SISSL* SL
        SMPPL SNIA SPL-1.0 SugarCRM-* TPL-1.0 TOSL TMate Ubuntu-font-1.0 VOSTROM
        wxWindows YPL-1.* Zimbra-* Arphic-1999 BSD-Protection CC-BY-SA-* CC-SA-1.0
        TORQUE-1.1 NCGL-UK-2.0 Sendmail Sendmail-8.23 CAL-1.0-Combined-Work-Exception
        copyleft-next-0.3.? Community-Spec-1.0 GL2PS OpenPBS-2.3""",
    "copyleft": """
        GPL-* CECILL-1.* CECILL-2.* CERN-OHL-S-* D-FSL-1.0 ESA-PL-strong-* LiLiQ-Rplus-*
        NGPL OSL-* Parity-* RPL-* SimPL-2.0 Sleepycat SMAIL-GPL TAPR-OHL-1.0 TGPPL-1.0
        OLFL-1.3""",
    "network-copyleft": "AGPL-* CPAL-1.0 CAL-1.0 NPOSL-3.0",
    "source-available": """
        BUSL-1.1 Elastic-2.0 FSL-1.1-* SSPL-1.0 SUL-1.0 PolyForm-Small-Business-*
        Commons-Clause Confluent-Community-1.0 RSAL-* Timescale-* Hippocratic-2.1
        CPOL-1.02 MS-LPL BigCode-OpenRAIL-M CC-BY-ND-*""",
    "non-commercial": """
        CC-BY-NC-* PolyForm-Noncommercial-* Aladdin PPL C-UDA-1.0""",
    "commercial": """
        Proprietary UNLICENSED dotnet-library Oracle-BCL NVIDIA-* Freeware
        IEC-Code-Components-EULA""",
    "permissive": "BSD permissive Intel-Simplified TEXT-TABS",
}
_LINKING = """
Classpath-exception-2.0 GCC-exception-2.0 GCC-exception-2.0-note GCC-exception-3.1
LLVM-exception Linux-syscall-note GPL-3.0-linking-exception GPL-3.0-linking-source-exception
LGPL-3.0-linking-exception OCaml-LGPL-linking-exception WxWindows-exception-3.1
Bison-exception-1.24 Bison-exception-2.2 Autoconf-exception-2.0 Autoconf-exception-3.0
Autoconf-exception-generic Autoconf-exception-generic-3.0 Autoconf-exception-macro
Libtool-exception Font-exception-2.0 Texinfo-exception eCos-exception-2.0 freertos-exception-2.0
FLTK-exception Fawkes-Runtime-exception GNU-compiler-exception mif-exception
Universal-FOSS-exception-1.0 Qt-GPL-exception-1.0 Swift-exception Bootloader-exception
PS-or-PDF-font-exception-20170817 RRDtool-FLOSS-exception-2.0 gnu-javamail-exception
i2p-gpl-java-exception
"""
_WEAKENING = frozenset(_LINKING.split())
"""Exceptions that let others use the work without its licence: weak copyleft is left."""
_BY_NAME = (
    (
        "public-domain",
        re.compile(r"(?i)[-_ ](?:pd|public[-_ ]?domain)(?:$|[-_ ])|^public[-_ ]domain"),
    ),
    ("permissive", re.compile(r"(?i)^(?:bsd|mit|x11|expat|isc|tcl)(?:[-~ ]\S*)?$|permissive")),
)
"""Of names that nobody listed: what Debian's and others' say about themselves."""
_BASE = re.compile(r"(?:LicenseRef-)?(.+?)(?:-with-.*)?$")


@lru_cache(maxsize=4096)
def category(expression: str) -> str:
    """Return what an expression asks for: of OR the mildest, of AND the strictest.

    Something unknown beside what is known is unknown, unless the known part is copyleft already.
    """
    return CATEGORIES[evaluate(expression, _rank, min, _strictest)]


def google_class(expression: str) -> str:
    """Return Trivy's word for what an expression asks for."""
    return CLASSES[evaluate(expression, _class_rank, min, strictest_class)]


def class_of_license(license_: str) -> str:
    """Return Trivy's word for one licence, with its exception or without."""
    base = license_.partition(" WITH ")[0]
    own = category_of_license(license_)
    for name, globs in _CLASS_OF_IDS.items():
        if any(fnmatchcase(base, glob) for glob in globs.split()):
            return name
    return _CLASS_OF[own]


@lru_cache(maxsize=4096)
def category_of_license(license_: str) -> str:
    """Return the category of one licence; `unknown` for what is on no list."""
    base, _, exception = license_.partition(" WITH ")
    found = _listed(base)
    if found in ("copyleft", "weak-copyleft") and exception in _WEAKENING:
        return "weak-copyleft"
    return found


def _listed(id: str) -> str:
    match = _BASE.match(id)
    plain = match[1] if match else id
    for name, globs in _table().items():
        if any(fnmatchcase(plain, glob) for glob in globs):
            return name
    if plain in LICENSES:
        return "unknown" if plain.startswith("any-OSI") else "permissive"
    return next((name for name, pattern in _BY_NAME if pattern.search(plain)), "unknown")


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    # the narrower families first: AGPL-* before GPL-*, CC-BY-NC-SA before CC-BY-SA
    order = ("network-copyleft", "non-commercial", "source-available", "commercial", "copyleft",
             "weak-copyleft", "public-domain", "permissive")  # fmt: skip
    return {name: tuple(_TABLE[name].split()) for name in order}


def _rank(license_: str) -> int:
    return CATEGORIES.index(category_of_license(license_))


def _class_rank(license_: str) -> int:
    return CLASSES.index(class_of_license(license_))


def _strictest(ranks: list[int]) -> int:
    known = max(rank for rank in ranks if rank < len(CATEGORIES) - 1) if min(ranks) < 8 else 8
    return known if known >= CATEGORIES.index("copyleft") else max(ranks)


def strictest_class(ranks: list[int]) -> int:
    """Return the class of licences that all apply, by places in CLASSES."""
    known = max(rank for rank in ranks if rank < len(CLASSES) - 1) if min(ranks) < 6 else 6
    return known if known >= CLASSES.index("restricted") else max(ranks)
