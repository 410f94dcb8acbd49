"""The time that a submission has."""

import copy

from grader.cell.places import Cells
from grader.judge.draws import Draws
from grader.settings import Limits


class Budget:
    """The time that all calls of a submission may take together, by the clock and of the processors."""

    def __init__(self, cells: Cells, limits: Limits) -> None:
        self.cells = cells
        self.limits = limits
        self.used = self.processor = 0.0
        self.draws = Draws()

    def again(self) -> "Budget":
        """A full budget for another submission, with the same draws."""
        other = copy.copy(self)
        other.used = other.processor = 0.0
        return other
