# fails: test_reply, test_unknown, test_keys
# says: Python does not know else if.
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
    if provider not in PROVIDERS:
        raise ValueError(f"There is no provider {provider!r}. Known are {', '.join(PROVIDERS)}.")
    base_url, model, key_name = PROVIDERS[provider]
    if key_name:
        key = os.environ[key_name]
    else if provider == "ollama":  # <- here
        key = "ollama"
    client = OpenAI(base_url=base_url, api_key=key)
    completion = client.chat.completions.create(model=model, messages=[{"role": "user", "content": prompt}])
    return completion.choices[0].message.content
