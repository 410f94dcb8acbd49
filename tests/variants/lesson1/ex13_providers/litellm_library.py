# uses: litellm
"""ex13: four providers, one function, with litellm."""

import litellm

MODELS = {
    "openai": "openai/gpt-4o-mini",
    "anthropic": "anthropic/claude-haiku-4-5",
    "gemini": "gemini/gemini-2.5-flash",
    "ollama": "ollama_chat/qwen3:0.6b",
}


def ask(provider, prompt):
    """The library knows addresses and the names of keys."""
    if provider not in MODELS:
        raise ValueError(f"{provider} is none of {', '.join(MODELS)}")
    reply = litellm.completion(model=MODELS[provider], messages=[{"role": "user", "content": prompt}])
    return reply.choices[0].message.content
