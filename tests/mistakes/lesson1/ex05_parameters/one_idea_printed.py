# fails: test_three_ideas, test_ideas_differ
# says: this exercise wants n=3
# says: Replies that came back: 1.
"""ex05: tell the model how to answer."""


def ask(client, text, **settings):
    """Send one message to the model, with these settings."""
    return client.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": text}],
        **settings,
    )


def short_answer(client, question):
    """Return a short answer; only the words of the message ask for it."""
    completion = ask(client, f"{question} Answer in one short sentence.")
    return completion.choices[0].message.content


def capped(client, question, most):
    """Return the answer, and whether it was cut off at this many tokens."""
    choice = ask(client, question, max_completion_tokens=most).choices[0]
    return choice.message.content, choice.finish_reason == "length"


def reproducible(client, question):
    """Return the answer from the most likely words."""
    return ask(client, question, temperature=0).choices[0].message.content


def focused(client, question):
    """Return an answer from likely words."""
    return ask(client, question, top_p=0.1).choices[0].message.content


def three_ideas(client, topic):
    """Print an idea."""
    completion = ask(client, f"Give me one idea for {topic}, in one sentence.")
    print(completion.choices[0].message.content)  # <- here
