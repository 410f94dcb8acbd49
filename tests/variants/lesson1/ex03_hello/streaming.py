def hello(client):
    parts = []
    for chunk in client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
        stream=True,
        stream_options={"include_usage": True},
    ):
        if chunk.choices:  # the last piece holds the usage only
            parts.append(chunk.choices[0].delta.content or "")
    return "".join(parts)
