"""The two ways in which a request ends badly, each with its exit status."""


class StudioError(Exception):
    """Something failed that the person could not have known.

    The message is one sentence that names the thing and the remedy; it is shown as it is.
    """

    exit_status = 1


class RequestError(StudioError):
    """The request itself was wrong: a bad prompt, size, name or file."""

    exit_status = 2
