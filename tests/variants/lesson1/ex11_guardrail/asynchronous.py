import asyncio
from dataclasses import dataclass

from openai import APIStatusError


@dataclass
class SafeChat:
    client: object
    messages: list

    async def flagged(self, text):
        part = [{"type": "text", "text": text}]
        try:
            reply = await asyncio.to_thread(
                self.client.moderations.create, model="omni-moderation-latest", input=part
            )
        except APIStatusError as error:
            print("moderation:", error.status_code)
            return True
        return any(vars(reply.results[0].categories).values())

    async def send(self, text):
        refusal = "I'm SORRY, but this is something that I would rather not talk about."
        if await self.flagged(text):
            return refusal
        self.messages.append({"role": "user", "content": [{"type": "text", "text": text}]})
        completion = await asyncio.to_thread(
            self.client.chat.completions.create, model="gpt-4o-mini", messages=self.messages
        )
        message = completion.choices[0].message
        if await self.flagged(message.content):
            self.messages.pop()
            return refusal
        self.messages.append(message)
        return message.content
