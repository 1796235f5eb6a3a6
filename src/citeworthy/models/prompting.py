"""Prompts are files in `prompts/`, rendered by Jinja2: a variable that is missing or not declared is an error.

The first lines of a prompt are a comment with its version and variables:

    {# version: 1
       variables: premise, claim #}

What stands before a line `--- user ---` is the system message; without that line all is one user message.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from citeworthy.errors import CiteworthyError
from citeworthy.models.chat import Message
from citeworthy.shipped import shipped_folder

_USER = "--- user ---\n"
_HEAD = re.compile(r"\{#\s*version:\s*(?P<version>\S+)\s+variables:\s*(?P<variables>[\w, ]*?)\s*#\}\s*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file."""

    name: str
    version: str
    variables: frozenset[str]
    template: str

    @property
    def digest(self) -> str:
        """Identifies the wording; recorded with what it helped to make."""
        return f"sha256:{hashlib.sha256(self.template.encode()).hexdigest()[:16]}"

    def render(self, **values: str) -> tuple[Message, ...]:
        """The messages for a model. Raises ValueError unless exactly the declared variables are given."""
        if values.keys() != self.variables:
            raise ValueError(f"the prompt {self.name} takes {sorted(self.variables)}, not {sorted(values)}")
        from jinja2 import Environment, StrictUndefined

        # Plain text for a model, never HTML: escaping would change what is quoted.
        environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)  # noqa: S701
        # Split before rendering: what is put in cannot begin a message of its own.
        parts = [environment.from_string(part).render(values).strip() for part in self.template.split(_USER)]
        if len(parts) == 1:
            return (Message("user", parts[0]),)
        return (Message("system", parts[0]), Message("user", parts[1]))


def load_prompt(name: str) -> Prompt:
    """The prompt `prompts/NAME.j2`. Raises CiteworthyError when its head does not declare version and variables."""
    text = (shipped_folder("prompts") / f"{name}.j2").read_text("utf-8")
    head = _HEAD.match(text)
    if head is None:
        raise CiteworthyError(f"prompts/{name}.j2 does not begin with its version and variables")
    variables = frozenset(v.strip() for v in head["variables"].split(",") if v.strip())
    return Prompt(name, head["version"], variables, text[head.end() :])


def defused(text: str) -> str:
    """Text of papers and people on one line, in which nothing can close the fence around it or look like a number of
    ours."""
    return re.sub(r"\[(\d+)\]", r"(\1)", " ".join(text.replace("<", "‹").split()))
