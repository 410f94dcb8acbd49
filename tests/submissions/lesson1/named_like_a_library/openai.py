OpenAI = None
