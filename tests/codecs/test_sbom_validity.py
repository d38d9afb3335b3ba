"""What is written is valid, to the judges of those who publish the formats."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.validation.xml import XmlValidator
from hypothesis import HealthCheck, assume, given, settings
from spdx_python_model.bindings import v3_0_1
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.parser.tagvalue.lexer import SPDXLexer
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.scanning import scan
from sboms import reports, written

TOKENS = frozenset(SPDXLexer.tokens)
# the first time that it runs, spdx-tools writes its parser's tables, and leaves a file open
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


SHOP = str(Path(__file__).parents[2] / "examples" / "shop.tar")
VERSIONS = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}
FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def shop() -> Report:
    [report] = scan("", Settings(input=SHOP, offline=True, no_cache=True, scanners=()))
    return report


def complaints(name: str, report: Report, version: str, folder: Path) -> str:
    """Give what the judge of a format says against a report."""
    data = written(name, report, settings=Settings(cyclonedx_version=version))
    if name == "cyclonedx":
        return str(JsonStrictValidator(VERSIONS[version]).validate_str(data.decode()) or "")
    if name == "cyclonedx-xml":
        return str(XmlValidator(VERSIONS[version]).validate_str(data.decode()) or "")
    if name == "spdx3-json":
        return _of_spdx3(data)
    place = folder / ("x.spdx" if name == "spdx" else "x.spdx.json")
    place.write_bytes(data)
    return "\n".join(
        message.validation_message
        for message in validate_full_spdx_document(parse_file(str(place)))
    )


def _of_spdx3(data: bytes) -> str:
    """Its model checks types while reading, and what SHACL asks for while writing."""
    objects = v3_0_1.SHACLObjectSet()
    v3_0_1.JSONLDDeserializer().read(io.BytesIO(data), objects)
    v3_0_1.JSONLDSerializer().write(objects, io.BytesIO())
    return " ".join(sorted(map(str, objects.missing_ids)))


CASES = [("cyclonedx", "1.6"), ("cyclonedx", "1.7"), ("cyclonedx-xml", "1.6"),
         ("cyclonedx-xml", "1.7"), ("spdx", ""), ("spdx-json", ""), ("spdx3-json", "")]  # fmt: skip


@pytest.mark.parametrize(("name", "version"), CASES)
def test_an_image_is_written_as_its_format_asks(
    name: str, version: str, shop: Report, tmp_path: Path
) -> None:
    assert len(shop.inventory.packages) == 68
    assert complaints(name, shop, version or "1.6", tmp_path) == ""


@pytest.mark.parametrize(("name", "version"), CASES)
@given(report=reports())
@FEW
def test_whatever_a_package_says_of_itself_the_document_is_valid(
    name: str, version: str, tmp_path_factory: pytest.TempPathFactory, report: Report
) -> None:
    # a value that is the name of one of its lexer's tokens is more than spdx-tools can read
    assume(name != "spdx" or TOKENS.isdisjoint(re.findall(r"[A-Z_]+", repr(report))))
    folder = tmp_path_factory.mktemp("x")
    assert complaints(name, report, version or "1.6", folder) == ""
