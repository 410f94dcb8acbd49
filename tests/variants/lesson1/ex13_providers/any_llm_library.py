# uses: any_llm, anthropic, google.genai, ollama
"""ex13: four providers, one function, with any-llm."""

import any_llm
from dotenv import load_dotenv

MODELS = {
    "openai": "gpt-4o-mini",
    "anthropic": "claude-haiku-4-5",
    "gemini": "gemini-2.5-flash",
    "ollama": "qwen3:0.6b",
}

load_dotenv()


def ask(provider, prompt):
    """The library knows addresses and the names of keys."""
    if provider not in MODELS:
        raise ValueError(f"{provider}? I know {', '.join(MODELS)}.")
    messages = [{"role": "user", "content": prompt}]
    completion = any_llm.completion(MODELS[provider], messages, provider=provider)
    return completion.choices[0].message.content
