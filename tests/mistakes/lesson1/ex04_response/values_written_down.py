# fails: test_text_and_model, test_finish_and_type, test_tokens
# says: in this reply it is
"""ex04: look at everything that comes back."""


def describe(client, question):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": question}],
    )
    return {  # <- here
        "text": completion.choices[0].message.content,
        "model": "gpt-4o-mini-2024-07-18",
        "finish_reason": "stop",
        "prompt_tokens": 13,
        "completion_tokens": 19,
        "total_tokens": 32,
        "type": "ChatCompletion",
    }


def cost(prompt_tokens, completion_tokens, prompt_price, completion_price):
    dollars = prompt_tokens * prompt_price + completion_tokens * completion_price
    return dollars / 1_000_000
