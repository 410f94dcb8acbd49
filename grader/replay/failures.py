"""Failures of the API that are no fault of a request: when one comes, and what it says."""

from typing import Final

import msgspec

from grader.replay.api_errors import Refusal

NOT_ALLOWED: Final = 405
TOO_MANY: Final = 429


class Failure(msgspec.Struct):
    """Requests of an operation that fail with a status: so many `times`, `after` so many that do not fail.

    429: too many requests; 405: the account may not list what it stored; 500: the API is broken.
    """

    status: int
    after: int = 0
    times: int = 1

    def comes(self) -> bool:
        """Whether the next request is one of them."""
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return self.times >= 0

    def refusal(self) -> Refusal:
        """What the API answers."""
        if self.status == TOO_MANY:
            return Refusal(
                self.status, "Rate limit reached for requests.", None, "rate_limit_exceeded", "requests"
            )
        if self.status == NOT_ALLOWED:
            return Refusal(self.status, "Only POST requests are accepted.", None, "method_not_supported")
        return Refusal(self.status, "The server had an error while processing your request.", type="server_error")
