"""`fix image --builder`: the changed Dockerfile is built in a copy of its context, and scanned."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence

from msgspec.structs import replace

from pratique.builders import builder
from pratique.errors import PratiqueError
from pratique.model.event import Observe
from pratique.model.ignore_rule import Rule
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.scanning import scan
from pratique.workspace import Altered, replace_files


def built(
    context: str, dockerfile: str, altered: Sequence[Altered], engine: str,
    settings: Settings, observe: Observe, rules: Sequence[Rule],
) -> Report:  # fmt: skip
    """Return the report of the image that is built; raises PratiqueError where that fails.

    `dockerfile` is relative to the context.
    """
    with (
        tempfile.TemporaryDirectory(prefix="pratique-", ignore_cleanup_errors=True) as folder,
        builder(engine, insecure=settings.insecure) as one,
    ):
        copy = os.path.join(folder, "context")
        try:
            shutil.copytree(context, copy, symlinks=True, ignore_dangling_symlinks=True)
        except (OSError, shutil.Error) as error:
            raise PratiqueError(f"{context}: cannot be copied for a build: {error}") from error
        replace_files(copy, altered)
        archive = os.path.join(folder, "image.tar")
        one.build(copy, os.path.join(copy, dockerfile), archive)
        again = replace(settings, input=archive, skip_db_update=True, image_src=(), dockerfile="")
        [report] = scan("", again, observe, rules)
    return report
