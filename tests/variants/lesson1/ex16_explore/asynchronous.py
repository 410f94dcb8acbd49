import asyncio
from pathlib import Path

from dotenv import dotenv_values
from openai import AsyncOpenAI

KEY = dotenv_values(Path(__file__).with_name(".env"))["OPENAI_API_KEY"]
PERSONA = {"role": "system", "content": "You know all about tea. You answer in one short sentence."}


class Bot:
    def __init__(self):
        self.client = AsyncOpenAI(api_key=KEY)
        self.turns = []
        self.usages = []

    async def flagged(self, text):
        reply = await self.client.moderations.create(model="omni-moderation-latest", input=text)
        return reply.results[0].flagged

    async def answer(self, line):
        question = {"role": "user", "content": line}
        completion = await self.client.chat.completions.create(
            model="gpt-4o-mini", messages=[PERSONA, *self.turns, question]
        )
        message = completion.choices[0].message
        if await self.flagged(message.content):
            return "Sorry, let me think of something else."
        self.turns += [question, {"role": message.role, "content": message.content}]
        self.usages.append(completion.usage)
        return f"Bot: {message.content}\ncost: ${self.cost():.8f} for {len(self.usages)} replies"

    def cost(self):
        prompt = sum(usage.prompt_tokens for usage in self.usages)
        completion = sum(usage.completion_tokens for usage in self.usages)
        return prompt / 1_000_000 * 0.15 + completion / 1_000_000 * 0.60


async def main():
    bot = Bot()
    print("Let us talk about tea. cost: $0.00000000")
    while True:
        try:
            line = await asyncio.to_thread(input, "You: ")
        except EOFError:
            return
        if line == "quit":
            exit()
        if await bot.flagged(line):
            print("I'm sorry, Dave.")
        else:
            print(await bot.answer(line))


if __name__ == "__main__":
    asyncio.run(main())
