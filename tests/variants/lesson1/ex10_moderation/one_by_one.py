def ask(client, given):
    return client.moderations.create(model="omni-moderation-latest", input=given).results[0]


def both_spellings(result):
    return [name for name, value in result.categories.model_dump().items() if value]


def is_flagged(client, text):
    return ask(client, text).flagged


def flag(client, texts):
    return [is_flagged(client, text) for text in texts]


def categories(client, text):
    return both_spellings(ask(client, [text]))


def scores_above(client, text, threshold):
    scores = ask(client, text).category_scores
    above = {}
    for name in scores.model_dump():
        if getattr(scores, name) > threshold:
            above[name] = getattr(scores, name)
    return above


def input_types(client, text, image):
    result = ask(
        client, [{"type": "image_url", "image_url": {"url": image}}, {"type": "text", "text": text + "\n"}]
    )
    types = result.category_applied_input_types.model_dump()
    return {name: types[name] for name in both_spellings(result)}


def report(client, texts):
    count = 0
    for number, text in enumerate(texts, start=1):
        result = ask(client, text)
        count += result.flagged
        print(f"{number}. {text!s:70} -> {both_spellings(result) if result.flagged else 'OK'}")
    print()
    print(f"{count} of {len(texts)} texts are flagged.")


def to_block(client, text):
    grave = {"hate/threatening", "harassment/threatening", "self-harm/intent", "self-harm/instructions"}
    grave |= {"sexual/minors", "violence/graphic"}
    return grave & set(both_spellings(ask(client, text)))
