import asyncio

from openai import AsyncOpenAI


async def ask(client, persona, question):
    completion = await client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "developer", "name": "author", "content": f"Play {persona}, and stay in this role."},
            {"role": "user", "name": "Ana", "content": question},
        ],
    )
    return completion.choices[0].message.content


async def answer_as(client, persona, question):
    async with AsyncOpenAI(api_key=client.api_key) as other:
        return await ask(other, persona, question)


async def compare(client, personas, question):
    async with AsyncOpenAI(api_key=client.api_key) as other:
        return await asyncio.gather(*(ask(other, persona, question) for persona in personas))
