import openai


class SafeChat:
    def __init__(self, client, messages):
        self.client, self.messages = client, messages

    def check(self, *texts):
        results = self.client.moderations.create(model="omni-moderation-latest", input=list(texts)).results
        return not any(result.flagged for result in results)

    def send(self, text):
        try:
            return self.answer(text)
        except (openai.APIError, PermissionError):
            return "Sorry! Let us talk about something else."

    def answer(self, text):
        if not self.check(text):
            raise PermissionError
        question = {"role": "user", "content": text}
        stream = self.client.chat.completions.create(
            model="gpt-4o-mini", messages=[*self.messages, question], stream=True
        )
        reply = ""
        for chunk in stream:
            if chunk.choices:
                reply += chunk.choices[0].delta.content or ""
        if not self.check(reply.strip()):
            raise PermissionError
        self.messages.append(question)
        self.messages.append({"role": "assistant", "content": reply})
        return reply.strip()
