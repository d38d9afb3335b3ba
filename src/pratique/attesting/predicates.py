"""The kinds of statement, as cosign names them, and what each says."""

from __future__ import annotations

import time
from calendar import timegm
from collections.abc import Mapping
from typing import Any

from msgspec import MsgspecError, json

from pratique.errors import MalformedError, UsageError

TYPES = {
    "vuln": "https://cosign.sigstore.dev/attestation/vuln/v1",
    "cyclonedx": "https://cyclonedx.org/bom",
    "spdxjson": "https://spdx.dev/Document",
    "openvex": "https://openvex.dev/ns",
    "custom": "https://cosign.sigstore.dev/attestation/v1",
}
"""https://github.com/sigstore/cosign/blob/main/pkg/cosign/attestation/attestation.go."""
FORMATS = {
    "vuln": "cosign-vuln", "cyclonedx": "cyclonedx", "spdxjson": "spdx-json", "openvex": "openvex",
}  # fmt: skip
"""The format that a report is written in for a type; there is none for `custom`."""
_MARKS = {
    "vuln": ("scanner", "cosign's record of a scan (-f cosign-vuln)"),
    "cyclonedx": ("bomFormat", "CycloneDX"),
    "spdxjson": ("spdxVersion", "SPDX 2"),
    "openvex": ("@context", "OpenVEX"),
}
_DECODER = json.Decoder()


def type_of(name: str) -> str:
    """Return the predicate type of a name, or of an address that is one; UsageError for others."""
    if name in TYPES:
        return TYPES[name]
    if name.startswith("https://"):
        return name
    raise UsageError(f"{name!r} is none of {', '.join(TYPES)}, nor an address: https://…")


def checked(name: str, data: bytes, where: str, moment: str) -> bytes:
    """Return the JSON of a predicate that a document is.

    Raises MalformedError where it is no JSON, or nothing that statements of this type say. What is
    `custom` is wrapped as cosign wraps it, with the moment.
    """
    if name == "custom":
        text = data.decode("utf-8", "replace")
        return json.encode({"Data": text, "Timestamp": moment})
    document = decoded(data, where)
    mark, what = _MARKS.get(name, ("", ""))
    if mark and mark not in document:
        hint = "--report FILE takes a JSON report." if "SchemaVersion" in document else ""
        raise MalformedError(f"is not {what}: it has no {mark!r}", where, hint)
    return json.encode(document)


def decoded(data: bytes, where: str) -> dict[str, Any]:
    """Return a JSON object; raise MalformedError for what is none."""
    try:
        document = _DECODER.decode(data)
    except (MsgspecError, UnicodeError, RecursionError) as error:
        raise MalformedError(f"no JSON: {error}", where) from error
    if not isinstance(document, dict):
        raise MalformedError("no JSON object", where)
    return document


def made_at(document: Mapping[str, Any]) -> str:
    """Return when what a predicate says was found, RFC 3339; empty where it does not tell."""
    parts = {key: document.get(key) for key in ("metadata", "creationInfo", "scanner")}
    inner = {key: part if isinstance(part, dict) else {} for key, part in parts.items()}
    result = inner["scanner"].get("result")
    report = result if isinstance(result, dict) else {}
    told = (
        report.get("CreatedAt"), inner["metadata"].get("scanFinishedOn"),
        inner["metadata"].get("timestamp"), inner["creationInfo"].get("created"),
        document.get("last_updated"), document.get("timestamp"), document.get("Timestamp"),
    )  # fmt: skip
    return next((text for text in told if isinstance(text, str) and text), "")


def hours_since(moment: str, now: float) -> float | None:
    """Return how old a moment in RFC 3339 is, None where it is none that can be read."""
    from datetime import datetime  # noqa: PLC0415 - few need it

    try:
        then = datetime.fromisoformat(moment[:64])
    except ValueError:
        return None
    return (now - timegm(then.utctimetuple())) / 3600


def now_text() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
