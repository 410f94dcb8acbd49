# fails: test_guardrail
# says: Your program says sorry as often when no line is flagged.
"""ex16: your own chatbot, a program for the terminal."""

from dotenv import load_dotenv
from openai import OpenAI

PERSONA = "You know all about tea. You answer in one short sentence."
PROMPT_PRICE = 0.15
COMPLETION_PRICE = 0.60


def is_flagged(client, line):
    """Return True if the moderation model flags the line."""
    reply = client.moderations.create(model="omni-moderation-latest", input=line)
    return reply.results[0].flagged


def main():
    """Talk with the user until the end."""
    load_dotenv()
    client = OpenAI()
    messages = [{"role": "system", "content": PERSONA}]
    prompt_tokens = 0
    completion_tokens = 0
    while True:
        try:
            line = input("Sorry, what do you want to know? ")
        except EOFError:
            return
        if line == "quit":
            return
        if is_flagged(client, line):
            continue
        messages.append({"role": "user", "content": line})
        completion = client.chat.completions.create(model="gpt-4o-mini", messages=messages)
        reply = completion.choices[0].message.content
        messages.append({"role": "assistant", "content": reply})
        prompt_tokens += completion.usage.prompt_tokens
        completion_tokens += completion.usage.completion_tokens
        cost = (prompt_tokens * PROMPT_PRICE + completion_tokens * COMPLETION_PRICE) / 1_000_000
        print(reply)
        print(f"cost: ${cost:.8f}")


if __name__ == "__main__":
    main()
