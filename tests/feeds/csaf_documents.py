"""CSAF documents made of as little as Red Hat's and SUSE's have in common."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


def document(
    products: Mapping[str, str],
    components: Mapping[str, str],
    statuses: Mapping[str, Sequence[tuple[str, str]]],
    remediations: Sequence[tuple[str, str, Sequence[tuple[str, str]]]] = (),
    *,
    impact: str = "Important",
    cve: str = "CVE-2024-1",
    modules: Mapping[str, str] = {},
) -> bytes:
    """Return a VEX document of one flaw.

    `products` maps ids to CPEs, `components` ids of RPMs to purls, `modules` ids of modules to
    purls; statuses and remediations name pairs of a product (or `product:module`) and an RPM.
    """
    pairs = list(dict.fromkeys(pair for listed in statuses.values() for pair in listed))
    every = [f"{product}:{reference}" for product, reference in pairs]
    relationships = [(f"{p}:{m}", m, p) for p, m in {
        tuple(product.split(":", 1)) for product, _ in pairs if product not in products
    }] + [(f"{product}:{reference}", reference, product) for product, reference in pairs]  # fmt: skip
    return json.dumps({
        "document": {
            "category": "csaf_vex", "title": "a flaw", "aggregate_severity": {"text": impact},
            "tracking": {"id": cve, "initial_release_date": "2024-01-01T00:00:00Z",
                         "current_release_date": "2024-02-01T00:00:00Z"},
        },
        "product_tree": {
            "branches": [{"category": "vendor", "name": "Vendor", "branches": [
                *(_leaf(id, cpe=cpe) for id, cpe in products.items()),
                *(_leaf(id, purl=purl) for id, purl in (*components.items(), *modules.items())),
            ]}],
            "relationships": [
                {"category": "default_component_of", "product_reference": reference,
                 "relates_to_product_reference": product, "full_product_name": {"product_id": id}}
                for id, reference, product in relationships
            ],
        },
        "vulnerabilities": [{
            "cve": cve, "cwe": {"id": "CWE-119"},
            "notes": [{"category": "description", "text": "words"}],
            "references": [{"url": f"https://host/{cve}"}],
            "product_status": {
                status: [f"{product}:{reference}" for product, reference in listed]
                for status, listed in statuses.items()
            },
            "remediations": [
                {"category": category, "details": details, "url": "https://host/RHSA-2024:1",
                 "product_ids": [f"{product}:{reference}" for product, reference in listed]}
                for category, details, listed in remediations
            ],
            "threats": [{"category": "impact", "details": impact, "product_ids": every}],
            "scores": [{"products": every, "cvss_v3": {
                "vectorString": "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
        }],
    }).encode()  # fmt: skip


def _leaf(id: str, **helper: str) -> dict[str, Any]:
    helpers = {name: value for name, value in helper.items() if value}
    return {"product": {"product_id": id, "name": id, "product_identification_helper": helpers}}
