from copy import deepcopy
from dataclasses import dataclass
from typing import Any

RULE = {"role": "developer", "content": "You are friendly, and you answer briefly."}


@dataclass
class Chat:
    """The model's messages are kept as the objects that came; a rule of its own stands before them."""

    client: Any
    history: list | None = None

    def __post_init__(self):
        self.turns = deepcopy(self.history) or [RULE]

    def send(self, text: str) -> str:
        asked = [*self.turns, {"role": "user", "name": "Ana", "content": [{"type": "text", "text": text}]}]
        message = self.client.chat.completions.create(model="gpt-4o-mini", messages=asked).choices[0].message
        self.turns = [*asked, message]
        return message.content
