"""ex13: four providers, one function, streamed."""

import os

from openai import OpenAI

ADDRESSES = {
    "openai": None,
    "anthropic": "https://api.anthropic.com/v1/",
    "gemini": "https://generativelanguage.googleapis.com/v1beta/openai/",
    "ollama": "http://127.0.0.1:11434/v1/",
}
MODELS = {
    "openai": "gpt-4o-mini",
    "anthropic": "claude-haiku-4-5",
    "gemini": "gemini-2.5-flash",
    "ollama": "qwen3:0.6b",
}


def ask(provider, prompt):
    """The key's name follows from the provider's; Ollama has no key."""
    if provider not in MODELS:
        raise ValueError(f"{provider!r} is none of {sorted(MODELS)}")
    key = os.getenv(f"{provider.upper()}_API_KEY", "unused")
    client = OpenAI(api_key=key, base_url=ADDRESSES[provider])
    stream = client.chat.completions.create(
        model=MODELS[provider],
        messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": prompt}],
        stream=True,
        stream_options={"include_usage": True},
    )
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
