"""The file that an image is built from, as its stages; continued lines are one instruction."""

from __future__ import annotations

import re
from typing import List, NamedTuple


class Instruction(NamedTuple):
    name: str
    text: str


class Stage(NamedTuple):
    image: str
    name: str
    instructions: List[Instruction]

    def of(self, name: str) -> List[str]:
        return [text for each, text in self.instructions if each == name]


def parse(text: str) -> List[Stage]:
    stages: List[Stage] = []
    lines = [line for line in text.split("\n") if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\[ \t]*\n", " ", "\n".join(lines)).split("\n"):
        name, _, rest = line.strip().partition(" ")
        if name.upper() == "FROM":
            words = [word for word in rest.split() if not word.startswith("--")]
            stages.append(Stage(words[0], words[2] if len(words) > 2 else "", []))
        elif name and stages:
            stages[-1].instructions.append(Instruction(name.upper(), rest.strip()))
    return stages


def inherited(stages: List[Stage], stage: Stage, name: str) -> str:
    """The last of that name in the stage, or in the stages that it is built on; nothing where there is none."""
    found = stage.of(name)
    if found:
        return found[-1]
    parent = next((each for each in stages if each.name and each.name == stage.image and each is not stage), None)
    return inherited(stages, parent, name) if parent is not None else ""


def external(stages: List[Stage]) -> List[str]:
    """The images that come from elsewhere."""
    names = {stage.name for stage in stages if stage.name} | {str(number) for number in range(len(stages))}
    copied = {match.group(1) for stage in stages for text in stage.of("COPY") for match in [re.search(r"--from=(\S+)", text)] if match}
    return sorted(({stage.image for stage in stages} | copied) - names - {"scratch"})
