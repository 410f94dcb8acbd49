import openai


class Chat:
    def __init__(self, client, history=None):
        self._client = client
        self._messages = [] if history is None else history[:]

    def send(self, text):
        self._messages.append({"role": "user", "content": text})
        parts = []
        try:
            for chunk in self._client.chat.completions.create(
                model="gpt-4o-mini",
                messages=self._messages,
                stream=True,
                stream_options={"include_usage": True},
            ):
                if chunk.choices:
                    parts.append(chunk.choices[0].delta.content or "")
        except openai.OpenAIError:
            self._messages.pop()
            raise
        self._messages.append({"role": "assistant", "content": "".join(parts)})
        return self._messages[-1]["content"]
