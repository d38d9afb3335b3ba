"""CVSS vectors as base scores (https://www.first.org/cvss/), by the `cvss` library.

Only building a database scores vectors; a scan reads the scores.
"""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=20_000)
def score(vector: str) -> float | None:
    """Return the base score of a vector of version 2, 3.x or 4.0; None where it is none."""
    import cvss  # noqa: PLC0415 - 30 ms

    try:
        if vector.startswith("CVSS:4"):
            return float(cvss.CVSS4(vector).base_score)
        if vector.startswith("CVSS:3"):
            return float(cvss.CVSS3(vector).base_score)
        return float(cvss.CVSS2(vector).base_score)
    except (cvss.CVSSError, ValueError, KeyError):
        return None


def severity(score: float, vector: str) -> str:
    """Return the qualitative rating of a vector's score (CVSS 3.1 section 5; 4.0 keeps it).

    For version 2, which has none of its own, NVD's (https://nvd.nist.gov/vuln-metrics/cvss): the
    highest is HIGH.
    """
    if score >= 9.0 and version(vector) > 2:
        return "CRITICAL"
    if score >= 7.0:
        return "HIGH"
    if score >= 4.0:
        return "MEDIUM"
    return "LOW" if score > 0 else "UNKNOWN"


def version(vector: str) -> int:
    """Return 2, 3 or 4."""
    return 4 if vector.startswith("CVSS:4") else 3 if vector.startswith("CVSS:3") else 2
