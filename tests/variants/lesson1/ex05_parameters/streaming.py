def stream(client, messages, **settings):
    texts, reasons = {}, {}
    options = {"include_usage": True}  # the last piece then has no choices
    for chunk in client.chat.completions.create(
        model="gpt-4o-mini", messages=messages, stream=True, stream_options=options, **settings
    ):
        for choice in chunk.choices:
            texts[choice.index] = texts.get(choice.index, "") + (choice.delta.content or "")
            reasons[choice.index] = choice.finish_reason or reasons.get(choice.index)
    return [texts[index] for index in sorted(texts)], reasons


def short_answer(client, question):
    rule = {"role": "system", "content": "You answer in one short sentence."}
    return stream(client, [rule, {"role": "user", "content": question}])[0][0]


def capped(client, question, most):
    texts, reasons = stream(client, [{"role": "user", "content": question}], max_tokens=most)
    return texts[0], reasons[0] != "stop"


def reproducible(client, question):
    return stream(client, [{"role": "user", "content": question}], temperature=0, seed=7)[0][0]


def focused(client, question):
    return stream(client, [{"role": "user", "content": question}], temperature=1, top_p=0.1)[0][0]


def three_ideas(client, topic):
    question = [
        {"type": "text", "text": "One idea for this topic, in one sentence:"},
        {"type": "text", "text": topic},
    ]
    return stream(client, [{"role": "user", "content": question}], n=3, temperature=1.2)[0]
