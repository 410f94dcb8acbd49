from openai import AsyncOpenAI


class Chat:
    def __init__(self, client, history=()):
        self.client = AsyncOpenAI(api_key=client.api_key)
        self.history = tuple(history)

    async def send(self, text):
        asked = (*self.history, {"role": "user", "content": text})
        completion = await self.client.chat.completions.create(model="gpt-4o-mini", messages=asked)
        reply = completion.choices[0].message.content
        self.history = (*asked, {"role": "assistant", "content": reply})
        return reply
