"""Problems whose Chinese is known."""

from collections.abc import Sequence

from starcert.chinese import messages
from starcert.problems import Problem


def known(problems: Sequence[Problem]) -> Sequence[Problem]:
    """The same problems, each of which must have its Chinese form."""
    for problem in problems:
        assert messages().form(problem.rule, problem.message), f"no Chinese is known for {problem}"
    return problems
