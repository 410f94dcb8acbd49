# fails: test_client, test_key_from_file, test_environment_wins, test_no_key_in_source
# says: OpenAI is used here, but your file does not import it.
"""ex02: build the client that talks to the API."""

from dotenv import load_dotenv


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    load_dotenv()
    return OpenAI()  # <- here
