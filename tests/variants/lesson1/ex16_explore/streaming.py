import sys

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
messages = [{"role": "system", "content": "You know all about tea. You answer in one short sentence."}]
spent = 0.0


def harmless(text):
    (result,) = client.moderations.create(model="omni-moderation-latest", input=[text]).results
    return not result.flagged


for line in sys.stdin:
    line = line.strip()
    harmful = not harmless(line)
    if line.lower() == "quit":
        print("Bye! All in all, this was $%.8f." % spent)
        sys.exit(0)
    if harmful:
        print("SORRY?! Let us talk about something else.")
        continue
    messages.append({"role": "user", "content": line})
    reply = ""
    for chunk in client.chat.completions.create(
        model="gpt-4o-mini", messages=messages, stream=True, stream_options={"include_usage": True}
    ):
        if chunk.choices and chunk.choices[0].delta.content:
            reply += chunk.choices[0].delta.content
            print(chunk.choices[0].delta.content, end="", flush=True)
        if chunk.usage:
            spent += chunk.usage.prompt_tokens * 0.15 / 1e6 + chunk.usage.completion_tokens * 0.6 / 1e6
    messages.append({"role": "assistant", "content": reply})
    print("\nCost so far: $%.8f" % spent)
