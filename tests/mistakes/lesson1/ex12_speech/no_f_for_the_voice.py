# fails: test_unknown_voice
# says: printed the word {voice}
"""ex12: let the model speak."""

import openai


def save_speech(client, text, file, voice="alloy"):  # <- here
    """Save the spoken text; the file is opened only when the API has accepted the request."""
    speech = client.audio.speech.with_streaming_response
    try:
        with speech.create(model="tts-1", voice=voice, input=text) as response:
            response.stream_to_file(file)
    except openai.BadRequestError:
        print("The API does not know the voice {voice}.")
        return False
    print(f"saved {file}")
    return True
