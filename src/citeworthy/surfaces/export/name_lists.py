"""How the styles write a list of authors or editors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citeworthy.surfaces.export.names import Name

_MOST_INITIALS = 2  # NLM's rule; of the styles here it alone writes them without stops


@dataclass(frozen=True, slots=True)
class NameList:
    """One way to write names. `two` and `last` join the last name to one or to several before it."""

    first: str = "{family}, {initials}"
    rest: str = "{family}, {initials}"
    two: str = " and "
    last: str = " and "
    dot: str = "."
    space: str = " "
    suffix: str = ", "  # before "Jr."
    most: int = 1000  # names that are listed in full
    shown: int = 1  # names that are listed when there are more
    et_al: str = " et al."
    ends_with_last: bool = False  # APA: the first 19, an ellipsis and the last

    def write(self, names: Sequence[Name]) -> str:
        """ "Sheng, G. and Zhang, C."; "" for no names."""
        written = [self._one(name, self.rest if position else self.first) for position, name in enumerate(names)]
        if len(written) > self.most:
            tail = f"{self.et_al}{written[-1]}" if self.ends_with_last else self.et_al
            return ", ".join(written[: self.shown]) + tail
        if len(written) < 2:
            return "".join(written)
        return ", ".join(written[:-1]) + (self.two if len(written) == 2 else self.last) + written[-1]

    def _one(self, name: Name, form: str) -> str:
        if name.is_whole:
            return name.family
        initials = name.initials(self.dot, self.space)
        if not self.dot:
            initials = initials[:_MOST_INITIALS]
        text = form.format(family=name.family, given=name.given, initials=initials or name.given).strip(" ,")
        separator = self.suffix if form.startswith("{family}") else " "
        return f"{text}{separator}{name.suffix}" if name.suffix else text
