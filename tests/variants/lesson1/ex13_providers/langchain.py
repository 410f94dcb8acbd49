# uses: langchain_openai
"""ex13: four providers, one function, with langchain-openai."""

import os

from langchain_openai import ChatOpenAI

PROVIDERS = {
    "openai": {"model": "gpt-4o-mini"},
    "anthropic": {"model": "claude-haiku-4-5", "base_url": "https://api.anthropic.com/v1/"},
    "gemini": {
        "model": "gemini-2.5-flash",
        "base_url": "https://generativelanguage.googleapis.com/v1beta/openai/",
    },
    "ollama": {"model": "qwen3:0.6b", "base_url": "http://localhost:11434/v1"},
}


def ask(provider, prompt):
    """The settings are those of the openai library."""
    if provider not in PROVIDERS:
        raise ValueError(f"no {provider}: choose {', '.join(PROVIDERS)}")
    key = os.environ.get(f"{provider.upper()}_API_KEY", "ollama")
    return ChatOpenAI(api_key=key, **PROVIDERS[provider]).invoke(prompt).content
