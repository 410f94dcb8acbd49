# fails: test_unknown_voice, test_nothing_saved
# says: save_speech() returned True; expected False.
# says: save_speech() printed 'saved morning.mp3' all the same.
"""ex12: let the model speak."""

import openai


def save_speech(client, text, file, voice="alloy"):
    """Save the spoken text; the file is opened only when the API has accepted the request."""
    speech = client.audio.speech.with_streaming_response
    try:
        with speech.create(model="tts-1", voice=voice, input=text) as response:
            response.stream_to_file(file)
    except openai.BadRequestError:
        print(f"The API does not know the voice {voice}.")
    print(f"saved {file}")
    return True  # <- here
