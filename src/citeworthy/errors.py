"""Every error citeworthy raises on purpose.

CiteworthyError
├── UserError                 wrong input: the message says what to change; retrying the same will not help
│   ├── SourceError           a file that cannot be read as papers
│   ├── FilterError           a filter that makes no sense (year 3000..1990)
│   ├── UnknownPaperError     a key that is not in the library
│   ├── UnknownSessionError   a conversation that does not exist, or is another person's
│   ├── BackupError           a backup that cannot be made there, is damaged, or would take a library's place
│   ├── UnknownTokenError     an access token that does not exist
│   ├── BusyError             work of which there is one at a time is under way (retryable)
│   ├── UnknownJobError       a job that does not exist, or is another caller's
│   ├── MissingExtraError     an optional package is not installed; the message names the extra
│   └── EvaluationError       an evaluation that cannot be run as asked (suite, measure, recorded run, system)
├── LibraryError              something about the library on disk
│   ├── LibraryLockedError    another process is writing; retry when it is done (retryable)
│   ├── LibraryCorruptError   library.db is not readable as a database
│   ├── LibraryFullError      no room on the disk (retryable once there is)
│   ├── VectorServerError     the Chroma server does not answer or refuses; searches do without (retryable)
│   └── ModelMismatchError    made with another embedding model; names the rebuild command
├── ModelError                a model or its server failed (retryable when the server may recover)
└── ServiceError              arXiv, Crossref, ... failed or refused (retryable when it may recover)
"""

from __future__ import annotations


class CiteworthyError(Exception):
    """Base of all of them; `str(error)` is one message fit to show a user."""

    retryable = False


class UserError(CiteworthyError):
    """The request cannot be carried out as given."""


class SourceError(UserError):
    """A file or address that cannot be read as papers."""


class FilterError(UserError):
    """A filter that can never match."""


class UnknownPaperError(UserError):
    """No paper of that key in the library."""


class UnknownSessionError(UserError):
    """No conversation of that id; one of another owner is told in the same words, so that ids cannot be tried out."""

    def __init__(self) -> None:
        super().__init__("there is no such conversation; it may have been deleted. Start a new one")


class BackupError(UserError):
    """A backup that cannot be made or restored as asked."""


class BusyError(UserError):
    """Work of which there is one at a time is under way."""

    retryable = True


class UnknownTokenError(UserError):
    """No access token of that id."""


class UnknownJobError(UserError):
    """No job of that id; one of another owner is told in the same words."""

    def __init__(self) -> None:
        super().__init__("there is no such job; jobs are forgotten after a week")


class MissingExtraError(UserError):
    """An optional dependency is needed."""

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs an optional package: pip install 'citeworthy[{extra}]'")
        self.extra = extra


class EvaluationError(UserError):
    """A suite, measure, recorded run or system's answer that cannot be used."""


class LibraryError(CiteworthyError):
    """The library directory is not in a usable state."""


class LibraryLockedError(LibraryError):
    """Another process holds the write lock."""

    retryable = True


class LibraryCorruptError(LibraryError):
    """library.db cannot be read."""


class LibraryFullError(LibraryError):
    """The disk has no room; nothing already stored is lost."""

    retryable = True


class VectorServerError(LibraryError):
    """The Chroma server cannot be used now; library.db has all vectors."""

    retryable = True


class ModelMismatchError(LibraryError):
    """The index was made with another embedding model."""


class ModelError(CiteworthyError):
    """A model failed to answer."""

    def __init__(self, message: str, *, retryable: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.retry_after_s = retry_after_s  # as the server asked


class ServiceError(CiteworthyError):
    """A service that papers are fetched from failed; `status` is its HTTP status where it answered."""

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.status = status
        self.retry_after_s = retry_after_s  # as the service asked
