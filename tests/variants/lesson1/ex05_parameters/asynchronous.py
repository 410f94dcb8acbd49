import asyncio

BRIEF = {"role": "developer", "content": "Be brief: at most ten words."}


async def ask(client, *messages, **settings):
    return await asyncio.to_thread(
        client.chat.completions.create, messages=list(messages), model="gpt-4o-mini", **settings
    )


async def short_answer(client, question):
    completion = await ask(client, BRIEF, {"role": "user", "content": question})
    return completion.choices[0].message.content


async def capped(client, question, most):
    completion = await ask(client, {"role": "user", "content": question}, max_tokens=most, n=1)
    return [completion.choices[0].message.content, completion.choices[0].finish_reason == "length"]


async def reproducible(client, question):
    completion = await ask(client, {"role": "user", "content": question}, temperature=0.0, top_p=1)
    return completion.choices[0].message.content


async def focused(client, question):
    completion = await ask(client, {"role": "user", "content": question}, top_p=0.1, max_completion_tokens=None)
    return completion.choices[0].message.content


async def three_ideas(client, topic):
    completion = await ask(client, {"role": "user", "content": f"One idea for {topic}?"}, n=3, temperature=1)
    return tuple(reversed([choice.message.content for choice in completion.choices]))
