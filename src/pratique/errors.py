"""What can go wrong, as one tree; the command line turns each into a line and an exit status.

PratiqueError(message, hint)
├── UsageError        nonsense was asked for (flag, configuration, policy file)   exit 2
├── SourceError       the image cannot be had                                     exit 3
│   ├── NotFound      no such repository, tag, file
│   ├── Unauthorized  credentials are missing or refused
│   ├── Unavailable   network or server trouble: may be tried again
│   └── DigestMismatch  the bytes are not those that were asked for               exit 4
├── MalformedError    bytes do not follow their format                            exit 4
├── DatabaseError     advisories are missing, too old, or of another schema       exit 5
└── LimitExceeded     a bound was hit (size, entries, time)                       exit 6
"""

from __future__ import annotations


class PratiqueError(Exception):
    """An error with a line for the user and, where there is one, a piece of advice."""

    exit_status = 70

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(PratiqueError):
    exit_status = 2


class SourceError(PratiqueError):
    exit_status = 3


class NotFound(SourceError):  # noqa: N818 - reads as the statement it is
    pass


class Unauthorized(SourceError):  # noqa: N818
    pass


class Unavailable(SourceError):  # noqa: N818
    pass


class DigestMismatch(SourceError):  # noqa: N818
    exit_status = 4


class MalformedError(PratiqueError):
    """Bytes that do not follow their format; `where` is a path, or a path and an offset."""

    exit_status = 4

    def __init__(self, message: str, where: str = "", hint: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, hint)
        self.where = where
        self.reason = message


class LyingError(MalformedError):
    """A file says of packages what their index does not: it is left alone."""


class DatabaseError(PratiqueError):
    exit_status = 5


class LimitExceeded(PratiqueError):  # noqa: N818
    exit_status = 6
