"""Hypothesis for checks: inputs are drawn once and sent as one list.

A live property would cost a hundred round trips for each submission; the same examples sent together cost one.
"""

from typing import TYPE_CHECKING, Any

from grader import messages

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Args = tuple[Any, ...]


class Draws:
    """Remembers the inputs of each strategy."""

    def __init__(self) -> None:
        self._inputs: dict[str, list[Args]] = {}

    def inputs(self, strategy: "SearchStrategy[Args]") -> list[Args]:
        """Up to 100 inputs, the same in every run and on every Python; smallest first."""
        name = repr(strategy)
        if name not in self._inputs:
            self._inputs[name] = sorted(draw(strategy), key=lambda args: (len(repr(args)), repr(args)))
        return self._inputs[name]


def draw(strategy: "SearchStrategy[Args]") -> list[Args]:
    """Draw from a strategy without Hypothesis' database and clock."""
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415 - only some lessons need it

    inputs: list[Args] = []

    @settings(
        max_examples=100,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def note(args: Args) -> None:
        inputs.append(args)

    note()
    return inputs


def called(name: str, args: Args) -> str:
    """A call as a student would write it, in few words."""
    return f"{name}({', '.join(messages.shown(arg) for arg in args)})"
