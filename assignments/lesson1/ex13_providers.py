"""ex13: four providers, one function."""


def ask(provider, prompt):
    """Ask one of four providers, and return the text of its reply.

    `provider` is "openai", "anthropic", "gemini" or "ollama"; `prompt` is the
    text of the one user message. Make one request, to this provider only:

    provider    model              key                 base_url
    openai      gpt-4o-mini        OPENAI_API_KEY      (1)
    anthropic   claude-haiku-4-5   ANTHROPIC_API_KEY   (2)
    gemini      gemini-2.5-flash   GEMINI_API_KEY      (3)
    ollama      qwen3:0.6b         none                (4)

    (1) https://api.openai.com/v1
    (2) https://api.anthropic.com/v1/
    (3) https://generativelanguage.googleapis.com/v1beta/openai/
    (4) http://localhost:11434/v1

    "key" is the key's name in the environment. (The keys that you have yourself
    are in .env, and load_dotenv() brings them there; the grader's are in both.)
    Ollama runs on your own computer and reads no key. OpenAI() wants one all the
    same, so give it any word, such as "ollama". Send no provider's key to another
    provider.

    With any other provider raise a ValueError. Its message names the four
    providers. Then no request is made.

    Example: ask("gemini", "Which planet is the largest?") returns a text
             ask("skynet", "Hello!") raises ValueError
    """
    raise NotImplementedError
