# uses: anthropic, google.genai, ollama
"""ex13: four providers, one function: each by its own library."""

import anthropic
import ollama
import openai
from dotenv import load_dotenv
from google import genai

load_dotenv()


def of_openai(messages):
    completion = openai.OpenAI().chat.completions.create(model="gpt-4o-mini", messages=messages)
    return completion.choices[0].message.content


def of_anthropic(messages):
    client = anthropic.Anthropic()
    return client.messages.create(model="claude-haiku-4-5", max_tokens=500, messages=messages).content[0].text


def of_gemini(messages):
    with genai.Client() as client:
        pieces = client.models.generate_content_stream(model="gemini-2.5-flash", contents=messages[0]["content"])
        return "".join(piece.text or "" for piece in pieces)


def of_ollama(messages):
    return ollama.generate("qwen3:0.6b", messages[0]["content"])["response"]


ASK = {"openai": of_openai, "anthropic": of_anthropic, "gemini": of_gemini, "ollama": of_ollama}


def ask(provider, prompt):
    """Four libraries, four ways to the text."""
    if provider not in ASK:
        raise ValueError(f"I know only {list(ASK)}")
    return ASK[provider]([{"role": "user", "content": prompt}])
