"""`patch`: what is asked for becomes an order; what was done is said, with its proof."""

from __future__ import annotations

import os
import time

from msgspec.structs import replace

from pratique.attesting.attach import unsigned
from pratique.cli import patched
from pratique.cli.attest import sealing
from pratique.cli.ignoring import rules_of
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.scan import look
from pratique.cli.time_limit import time_limit
from pratique.cli.writing import write_file
from pratique.codecs import reference
from pratique.errors import NotFound, UsageError
from pratique.patch import patch
from pratique.patch.model import Order, Output

_MISSING = 5


def run(asked: Asked) -> int:
    """Patch an image and say so; return 5 where advisories were missing."""
    chosen = asked.settings
    if bool(asked.target) == bool(chosen.input):
        raise UsageError("name an image, or give one with --input FILE")
    order = _order(asked)
    if order.output == "registry":  # what is pushed to asks who we are; the image may be elsewhere
        chosen = replace(chosen, credentials_for=reference.parse(order.tag).registry)
    rules = rules_of(asked)
    with time_limit(chosen.timeout), watch(chosen) as observe:
        done, digest = patch(asked.target, chosen, order, observe, rules)
    as_json = asked.words["patch_json"]
    text = patched.as_json(done, order, digest) if as_json else patched.as_table(
        done, order, digest, look(chosen))  # fmt: skip
    write_file(text, "")
    return _MISSING if any(one.proof.before.missing for one in done) else 0


def _order(asked: Asked) -> Order:
    words = asked.words
    output, path = _output(words["patch_to"])
    tag = words["patch_tag"]
    if reference.parse(tag).digest:
        raise UsageError(f"{tag}: an image is written to a tag, not to a digest")
    now = time.time()
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch and not epoch.isdigit():
        raise UsageError(f"SOURCE_DATE_EPOCH: {epoch!r} is no number of seconds")
    name = asked.target or os.path.basename(asked.settings.input)
    return Order(
        tag, output, path, tuple(words["patch_mirrors"]),
        tuple(_keyring(file) for file in words["patch_keyrings"]), now, int(epoch or now),
        f"pratique patch {name} -t {tag}", words["patch_app"], words["patch_up_to"],
        words["patch_builder"], words["patch_states"],
        sealing(words["patch_key"]) if words["patch_key"] else unsigned,
    )  # fmt: skip


def _output(text: str) -> tuple[Output, str]:
    kind, equals, path = text.partition("=")
    if not text:
        return "registry", ""
    if equals and path and kind == "archive":
        return "archive", path
    if equals and path and kind == "layout":
        return "layout", path
    raise UsageError(f"--to: {text!r} is neither archive=FILE nor layout=FOLDER")


def _keyring(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(64 << 20)
    except OSError as error:
        raise NotFound(f"{path}: {error.strerror}") from error
