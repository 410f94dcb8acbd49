"""ex13: four providers, one function, with nothing but Python's own library."""

import json
import os
from urllib.request import Request, urlopen

PROVIDERS = {
    "openai": ("https://api.openai.com/v1", "gpt-4o-mini"),
    "anthropic": ("https://api.anthropic.com/v1", "claude-haiku-4-5"),
    "gemini": ("https://generativelanguage.googleapis.com/v1beta/openai", "gemini-2.5-flash"),
    "ollama": ("http://localhost:11434/v1", "qwen3:0.6b"),
}


def ask(provider, prompt):
    """The protocol is plain enough to be written by hand."""
    if provider not in PROVIDERS:
        raise ValueError(f"The provider must be one of {', '.join(PROVIDERS)}.")
    base_url, model = PROVIDERS[provider]
    headers = {"Content-Type": "application/json"}
    if provider != "ollama":
        headers["Authorization"] = f"Bearer {os.environ[f'{provider.upper()}_API_KEY']}"
    body = {"model": model, "messages": [{"role": "user", "content": prompt}]}
    request = Request(f"{base_url}/chat/completions", json.dumps(body).encode(), headers)
    with urlopen(request) as response:
        return json.load(response)["choices"][0]["message"]["content"]
