# fails: test_reply[openai], test_reply[anthropic], test_reply[gemini], test_reply[ollama], test_unknown, test_keys
# says: ask() makes no request for the provider 'openai' either.
# says: ask() stopped with ValueError: There is no provider
"""ex13: four providers, one function."""

import os

from dotenv import load_dotenv
from openai import OpenAI

PROVIDERS = {
    "openai": ("https://api.openai.com/v1", "gpt-4o-mini", "OPENAI_API_KEY"),
    "anthropic": ("https://api.anthropic.com/v1/", "claude-haiku-4-5", "ANTHROPIC_API_KEY"),
    "gemini": ("https://generativelanguage.googleapis.com/v1beta/openai/", "gemini-2.5-flash", "GEMINI_API_KEY"),
    "ollama": ("http://localhost:11434/v1", "qwen3:0.6b", None),
}

load_dotenv()


def ask(provider, prompt):
    """Ask the provider that the table names; the table is all that differs between them."""
    if provider not in PROVIDERS.values():
        raise ValueError(f"There is no provider {provider!r}. Known are {', '.join(PROVIDERS)}.")  # <- here
    base_url, model, key_name = PROVIDERS[provider]
    client = OpenAI(base_url=base_url, api_key=os.environ[key_name] if key_name else "ollama")
    completion = client.chat.completions.create(model=model, messages=[{"role": "user", "content": prompt}])
    return completion.choices[0].message.content
