# uses: requests
"""ex13: four providers, one function, with requests and each provider's own protocol."""

import os

import requests


def post(url, body, **headers):
    response = requests.post(url, json=body, headers=headers)
    response.raise_for_status()
    return response.json()


def ask(provider, prompt):
    """Each protocol has its own address, its own place for the key, and its own way to the text."""
    messages = [{"role": "user", "content": prompt}]
    if provider == "openai":
        body = {"model": "gpt-4o-mini", "messages": messages}
        key = os.environ["OPENAI_API_KEY"]
        reply = post("https://api.openai.com/v1/chat/completions", body, Authorization=f"Bearer {key}")
        return reply["choices"][0]["message"]["content"]
    if provider == "anthropic":
        body = {"model": "claude-haiku-4-5", "max_tokens": 1000, "messages": messages}
        headers = {"x-api-key": os.environ["ANTHROPIC_API_KEY"], "anthropic-version": "2023-06-01"}
        return post("https://api.anthropic.com/v1/messages", body, **headers)["content"][0]["text"]
    if provider == "gemini":
        address = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent"
        body = {"contents": [{"role": "user", "parts": [{"text": prompt}]}]}
        reply = post(f"{address}?key={os.environ['GEMINI_API_KEY']}", body)
        return reply["candidates"][0]["content"]["parts"][0]["text"]
    if provider == "ollama":
        body = {"model": "qwen3:0.6b", "messages": messages, "stream": False}
        return post("http://localhost:11434/api/chat", body)["message"]["content"]
    raise ValueError(f"Choose openai, anthropic, gemini or ollama, and not {provider}.")
