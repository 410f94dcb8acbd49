# exercise: ex05_parameters
# verdict: crashed
# points: 7
"""Ends the process in one of its functions: the others keep their points."""
import os


def short_answer(client, question):
    os._exit(0)


def ask(client, text, **settings):
    return client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": text}], **settings
    )


def capped(client, question, most):
    choice = ask(client, question, max_completion_tokens=most).choices[0]
    return choice.message.content, choice.finish_reason == "length"


def reproducible(client, question):
    return ask(client, question, temperature=0).choices[0].message.content


def focused(client, question):
    return ask(client, question, top_p=0.1).choices[0].message.content


def three_ideas(client, topic):
    completion = ask(client, f"Give me one idea for {topic}, in one sentence.", n=3)
    return [choice.message.content for choice in completion.choices]
