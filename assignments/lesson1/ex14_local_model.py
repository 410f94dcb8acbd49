"""ex14: a model on your own computer, with Ollama.

You do not need Ollama for the checks. The two tables and the error messages are
texts that your functions get, and the grader answers at the address
http://localhost:11434.
"""


def installed(table):
    """Read what `ollama list` prints, and return a list of dicts, one for each model.

    Each dict has the keys "name" and "size", both with the text of the table. The
    first line holds the titles and is no model. Between two columns there are two
    blanks or more, or a tab.

    Example: installed("NAME          ID              SIZE      MODIFIED\\n"
                       "qwen3:0.6b    7df6b6e09427    522 MB    2 days ago\\n")
             returns [{"name": "qwen3:0.6b", "size": "522 MB"}]
    """
    raise NotImplementedError


def running(table):
    """Read what `ollama ps` prints, and return a list of dicts, one for each model.

    Each dict has the keys "name", "size", "cpu" and "gpu". The last two are numbers:
    how many percent of the model the processor (CPU) and the graphics card (GPU)
    hold. The column PROCESSOR says "100% CPU", "100% GPU", or "48%/52% CPU/GPU".
    New versions of Ollama have one more column, CONTEXT, behind it.

    Example: running("NAME          ID              SIZE      PROCESSOR    UNTIL\\n"
                     "qwen3:0.6b    7df6b6e09427    1.4 GB    100% GPU     Forever\\n")
             returns [{"name": "qwen3:0.6b", "size": "1.4 GB", "cpu": 0, "gpu": 100}]
    """
    raise NotImplementedError


def ask(question):
    """Ask the model "qwen3:0.6b" with an OpenAI client, and return the text of the reply.

    Make the client yourself: its base_url is "http://localhost:11434/v1". Ollama reads
    no key, but OpenAI() wants one, so give it any word. Do not give it your real key.
    Make one request with one user message.

    Example: ask("What is a fjord?") returns "A valley filled with sea."
    """
    raise NotImplementedError


def stream(question):
    """Ask the model "qwen3:0.6b" at http://localhost:11434/api/chat, and stream the reply.

    Make one request with one user message. Join the pieces of the reply. Return a
    tuple: the whole text, and the speed in tokens per second, from the last piece.

    If Ollama is not running, raise a RuntimeError. Its message tells the user to
    start it, with the command: ollama serve

    Example: stream("What is a fjord?") returns ("A valley filled with sea.", 61.5)
    """
    raise NotImplementedError


def explain(message):
    """Return what an error message of Ollama or of Python means.

    - "not running" if no Ollama server answers,
    - "port taken" if a server cannot start because another program uses the port,
    - "unknown" for all other messages.

    README.md lists the messages. Capital letters make no difference.

    Example: explain("[Errno 111] Connection refused") returns "not running"
    """
    raise NotImplementedError
