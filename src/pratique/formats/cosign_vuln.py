"""The predicate of cosign's attestations of a scan, with the JSON report as its result.

https://github.com/sigstore/cosign/blob/main/specs/COSIGN_VULN_ATTESTATION_SPEC.md
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Raw, json

from pratique import __version__
from pratique.formats import json as json_report
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings


def render(reports: Sequence[Report], chosen: Settings, look: Look) -> str:
    """Return the predicate alone: it is signed by `pratique attest`, or by cosign."""
    result = json_report.format.render(reports, chosen, look)
    moment = reports[0].created
    shards = [shard for report in reports for shard in report.shards]
    document = {
        "invocation": {"parameters": None, "uri": "", "event_id": "", "builder.id": ""},
        "scanner": {
            "uri": f"pkg:pypi/pratique@{__version__}",
            "version": __version__,
            "db": {
                "uri": ", ".join(dict.fromkeys(shard.source for shard in shards)),
                "version": min((shard.built for shard in shards), default=""),
            },
            "result": Raw(result.encode()),
        },
        "metadata": {"scanStartedOn": moment, "scanFinishedOn": moment},
    }
    return json.format(json.encode(document), indent=2).decode() + "\n"


format = Format("cosign-vuln", render)
