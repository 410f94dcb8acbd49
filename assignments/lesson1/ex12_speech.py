"""ex12: let the model speak."""


def save_speech(client, text, file, voice="alloy"):
    """Have the text spoken, and save the sound in a file.

    `client` is an OpenAI client that is ready to use, `file` the name of the new
    file, such as "hello.mp3". Make one request with model "tts-1", the voice, and
    the text as input. Write the bytes of the response into the file.

    - If all went well, print  saved hello.mp3  (with the file's name) and return
      True.
    - If the voice does not exist, the API refuses: an openai.BadRequestError.
      Catch it, print a line that names the voice, and return False. Then nothing
      is saved: no file, and no line that begins with "saved".

    Example: save_speech(client, "Hello!", "hello.mp3") returns True
             save_speech(client, "Hello!", "hello.mp3", voice="bob") returns False
    """
    raise NotImplementedError
