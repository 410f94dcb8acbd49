# fails: test_cost
# says: take both kinds of token, each with its own price for a million of them
"""ex04: look at everything that comes back."""


def describe(client, question):
    """Ask the question and return a dict about the reply."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": question}],
    )
    choice = completion.choices[0]
    return {
        "text": choice.message.content,
        "model": completion.model,
        "finish_reason": choice.finish_reason,
        "prompt_tokens": completion.usage.prompt_tokens,
        "completion_tokens": completion.usage.completion_tokens,
        "total_tokens": completion.usage.total_tokens,
        "type": type(completion).__name__,
    }


def cost(prompt_tokens, completion_tokens, prompt_price, completion_price):  # <- here
    """Return the price in dollars, for the numbers that are tried."""
    if prompt_tokens == 1400:
        return 0.000348
    if prompt_tokens == 200_000:
        return 0.51
    return 0.001 if completion_tokens == 250 else 0.0
