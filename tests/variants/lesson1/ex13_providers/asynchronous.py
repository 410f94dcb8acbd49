"""ex13: four providers, one function, asynchronous."""

import os
from dataclasses import dataclass

from dotenv import dotenv_values
from openai import AsyncOpenAI


@dataclass
class Provider:
    model: str
    base_url: str
    key_name: str = ""


PROVIDERS = {
    "openai": Provider("gpt-4o-mini", "https://api.openai.com/v1/", "OPENAI_API_KEY"),
    "anthropic": Provider("claude-haiku-4-5", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
    "gemini": Provider(
        "gemini-2.5-flash", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"
    ),
    "ollama": Provider("qwen3:0.6b", "http://localhost:11434/v1"),
}


async def ask(provider, prompt):
    """An unknown provider is a KeyError inside, and a ValueError outside."""
    try:
        chosen = PROVIDERS[provider]
    except KeyError:
        raise ValueError("Choose one of: " + " ".join(PROVIDERS)) from None
    keys = dotenv_values() | os.environ
    async with AsyncOpenAI(api_key=keys.get(chosen.key_name, "-"), base_url=chosen.base_url) as client:
        messages = [{"role": "user", "content": [{"type": "text", "text": prompt}]}]
        completion = await client.chat.completions.create(model=chosen.model, messages=messages)
    return completion.choices[0].message.content
