import asyncio

MUST_BLOCK = "hate/threatening harassment/threatening self-harm/intent self-harm/instructions sexual/minors violence/graphic"


async def ask(client, given):
    reply = await asyncio.to_thread(client.moderations.create, model="omni-moderation-latest", input=given)
    return reply.results


def names(result):
    return tuple(sorted(name for name, value in vars(result.categories).items() if value))


async def is_flagged(client, text):
    return (await ask(client, text))[0].flagged


async def flag(client, texts):
    answers = await asyncio.gather(*(ask(client, text) for text in texts))
    return tuple(results[0].flagged for results in answers)


async def categories(client, text):
    return names((await ask(client, text))[0])


async def scores_above(client, text, threshold):
    scores = vars((await ask(client, text))[0].category_scores)
    return {name: scores[name] for name in scores if scores[name] > threshold}


async def input_types(client, text, image):
    parts = [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": image}}]
    result = (await ask(client, parts))[0]
    return {name: getattr(result.category_applied_input_types, name) for name in names(result)}


async def report(client, texts):
    results = await ask(client, texts)
    for text, result in zip(texts, results):
        print(f"{text} | {', '.join(names(result)) or 'ok'}")
    print(sum(result.flagged for result in results), "of", len(texts), "are flagged")


async def to_block(client, text):
    blocked = MUST_BLOCK.replace("/", "_").replace("-", "_").split()
    return [name for name in names((await ask(client, text))[0]) if name in blocked]
