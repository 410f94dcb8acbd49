# fails: test_file, test_voice
# says: holds 1024 bytes; the API sent
"""ex12: let the model speak."""

import openai


def save_speech(client, text, file, voice="alloy"):  # <- here
    """Save the spoken text; the file is opened only when the API has accepted the request."""
    speech = client.audio.speech.with_streaming_response
    try:
        with speech.create(model="tts-1", voice=voice, input=text) as response:
            with open(file, "wb") as target:
                target.write(next(response.iter_bytes(1024)))
    except openai.BadRequestError:
        print(f"The API does not know the voice {voice}.")
        return False
    print(f"saved {file}")
    return True
