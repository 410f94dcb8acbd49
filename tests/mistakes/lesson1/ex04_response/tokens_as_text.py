# fails: test_tokens
# says: 'prompt_tokens' is the text '36'; expected the number 36.
"""ex04: look at everything that comes back."""


def describe(client, question):
    """Ask the question and return a dict about the reply."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": question}],
    )
    choice = completion.choices[0]
    return {  # <- here
        "text": choice.message.content,
        "model": completion.model,
        "finish_reason": choice.finish_reason,
        "prompt_tokens": str(completion.usage.prompt_tokens),
        "completion_tokens": str(completion.usage.completion_tokens),
        "total_tokens": str(completion.usage.total_tokens),
        "type": type(completion).__name__,
    }


def cost(prompt_tokens, completion_tokens, prompt_price, completion_price):
    """Return the price in dollars; both prices are for a million tokens."""
    dollars = prompt_tokens * prompt_price + completion_tokens * completion_price
    return dollars / 1_000_000
