"""Problems that a user can mend: each message says what is wrong, where, and what to do next."""


class GraderError(Exception):
    """Something outside the student's code is wrong; the message explains it fully."""


class StoppedError(GraderError):
    """Somebody stopped the run with Ctrl-C."""


class LessonError(GraderError):
    """A lesson's own files are wrong: lesson.toml, quiz.toml, a missing stub or check."""


class CassetteError(GraderError):
    """A cassette cannot be read, or is not what it says it is."""


class CellError(GraderError):
    """The cell could not be started at all."""
