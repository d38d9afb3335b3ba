"""DC-0022: the password of a network share stands in the options of a volume."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.compose.service import Project, of_project
from pratique.codecs.secret_names import is_secret
from pratique.model.check import Check, Failure

_OPTION = re.compile(r"(\w+)=([^,\s]+)")


def _judge(project: Project) -> Iterator[Failure]:
    for name, options in project.driver_options():
        for key, text in options.items():
            settings = [(key, str(text)), *_OPTION.findall(str(text))]
            if any(is_secret(word, given) for word, given in settings):
                yield Failure(f"volume {name} has a password in its options", *options.spans[key])


check = Check(
    "DC-0022",
    "Password in the options of a volume",
    "The file is shared with the source code, and the options are shown by inspect.",
    "HIGH",
    "Name a file with credentials= that is outside of the project, or ${NAME}.",
    of_project(_judge),
    (),
    (),
)
