"""DF-0030: pip from an index that nothing verifies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, pairs
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure

_PLAIN = re.compile(r"http://(?!localhost\b|127\.)", re.IGNORECASE)
_WRITTEN = re.compile(r"trusted-host\s*=\s*\S+|index-url\s*=\s*http://\S+")
_INDEXES = (
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "--index",
    "--default-index",
)
_VARIABLES = {
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
}


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        if what := _unverified(step):
            yield Failure(what, step.start, step.end)
    for stage in build.stages:
        for one in stage.all("ENV", "ARG"):
            for name, value in pairs(one):
                if name == "PIP_TRUSTED_HOST" and value:
                    yield Failure(f"pip does not verify who {value} is", one.start, one.end)
                elif name in _VARIABLES and _PLAIN.match(value or ""):
                    yield Failure(
                        f"pip takes packages from {value}, unencrypted", one.start, one.end
                    )


def _unverified(step: Step) -> str:
    files = [r.target for r in step.command.redirects if r.operator in (">", ">>")]
    if any(name.endswith(("pip.conf", "pip.ini")) for name in files):
        match = _WRITTEN.search(
            " ".join((*step.command.args, *(r.target for r in step.command.redirects)))
        )
        return f"pip.conf is written with {match[0]}" if match else ""
    call = step.call
    if not call or call.tool not in ("pip", "uv"):
        return ""
    if call.action == "config":
        texts = [word.text for word in call.operands]
        if any(text.endswith(".trusted-host") for text in texts):
            return f"pip does not verify who {texts[-1]} is"
        return (
            f"pip takes packages from {texts[-1]}, unencrypted"
            if _PLAIN.match(texts[-1] if texts else "")
            else ""
        )
    if call.has("--trusted-host", "--allow-insecure-host"):
        return f"pip does not verify who {call.value('--trusted-host', '--allow-insecure-host')} is"
    url = call.value(*_INDEXES)
    return f"pip takes packages from {url}, unencrypted" if _PLAIN.match(url) else ""


check = Check(
    "DF-0030",
    "pip takes packages from an index without verifying it",
    "Anybody on the way can answer with a package of their own, which runs at once.",
    "HIGH",
    "Use https, and give pip the certificate of an own authority: --cert or PIP_CERT.",
    _judge,
    (),
    ("https://pip.pypa.io/en/stable/topics/https-certificates/",),
)
