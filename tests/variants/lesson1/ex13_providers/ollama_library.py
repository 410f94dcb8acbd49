# uses: ollama
"""ex13: four providers, one function: Ollama by its own library."""

import os

import ollama
from openai import OpenAI

CLIENTS = {
    "openai": ("OPENAI_API_KEY", "https://api.openai.com/v1", "gpt-4o-mini"),
    "anthropic": ("ANTHROPIC_API_KEY", "https://api.anthropic.com/v1/", "claude-haiku-4-5"),
    "gemini": ("GEMINI_API_KEY", "https://generativelanguage.googleapis.com/v1beta/openai/", "gemini-2.5-flash"),
}


def ask(provider, prompt):
    """Ollama's library needs no key and no address."""
    messages = [{"role": "user", "content": prompt}]
    if provider == "ollama":
        return ollama.chat(model="qwen3:0.6b", messages=messages).message.content
    if provider not in CLIENTS:
        raise ValueError(f"{provider} is none of openai, anthropic, gemini, ollama.")
    name, base_url, model = CLIENTS[provider]
    client = OpenAI(api_key=os.environ[name], base_url=base_url)
    return client.chat.completions.create(model=model, messages=messages).choices[0].message.content
