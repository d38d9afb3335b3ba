"""A template of the user's own, in Jinja (`--template FILE`, or the text itself).

It is given `reports`, and for each `entries(report)` and `changes(report)`; templates run in a
sandbox. Values are escaped as the file's name asks: `x.html.j2` and `x.xml.j2` as HTML and XML.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from pratique import __version__
from pratique.codecs.plaintext import cell, lines, markdown, printable
from pratique.entries import by_urgency, suppressed
from pratique.errors import UsageError
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.upgrades import changes

_GO = {"junit": "junit", "gitlab": "gitlab", "html": "html", "asff": "sarif",
       "gitlab-codequality": "gitlab", "sarif": "sarif"}  # fmt: skip


def render(reports: Sequence[Report], chosen: Settings, _look: Look) -> str:
    """Return what the template makes of the reports.

    Raises UsageError where Jinja is not installed, there is no template, it is one of Go's, or it
    fails.
    """
    name, text = _template(chosen.template)
    try:
        from jinja2 import TemplateError  # noqa: PLC0415 - an extra, and 60 ms
        from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415
    except ImportError:
        hint = "pip install 'pratique[template]'"
        raise UsageError("templates need Jinja, which is not installed", hint) from None
    environment = ImmutableSandboxedEnvironment(
        autoescape=name.removesuffix(".j2").endswith((".html", ".htm", ".xml")),
        finalize=_inert, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {"markdown": markdown, "cell": cell, "printable": printable}
    known = {"entries": by_urgency, "suppressed": suppressed, "changes": changes}
    try:
        return environment.from_string(text).render(
            reports=reports, report=reports[0], version=__version__, **known
        )
    except TemplateError as error:
        line = f":{number}" if (number := getattr(error, "lineno", None)) else ""
        raise UsageError(f"{name or 'template'}{line}: {error}") from error
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise UsageError(f"{name or 'template'}: {error}") from error


def _inert(value: object) -> object:
    """Take control characters out of texts, which are an image's."""
    return lines(value) if isinstance(value, str) and not value.isprintable() else value


def _template(given: str) -> tuple[str, str]:
    """Return a template's file name and text; Trivy's `@FILE` is a file as well."""
    if not given:
        raise UsageError("the format `template` needs --template FILE")
    path = given.removeprefix("@")
    if path.endswith(".tpl"):
        _refuse_go(path, "")
    text = given
    if given.startswith("@") or os.path.exists(path):
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read: {error}") from error
    _refuse_go(path, text)
    return (path if text is not given else ""), text


def _refuse_go(path: str, text: str) -> None:
    stem = os.path.basename(path).removesuffix(".tpl")
    if path.endswith(".tpl") or "{{ range" in text or "{{- range" in text or "{{- if" in text:
        closest = _GO.get(stem)
        hint = f"closest: -f {closest}" if closest else "write it in Jinja: docs/formats.md"
        raise UsageError(f"{path[:60]}: a Go template, which is not supported", hint)


format = Format("template", render)
