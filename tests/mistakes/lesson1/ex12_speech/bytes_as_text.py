# fails: test_saved, test_file, test_voice
# says: This file is open for text
"""ex12: let the model speak."""

import openai


def save_speech(client, text, file, voice="alloy"):
    """Save the spoken text; the file is opened only when the API has accepted the request."""
    speech = client.audio.speech.with_streaming_response
    try:
        with speech.create(model="tts-1", voice=voice, input=text) as response:
            with open(file, "w") as target:
                target.write(response.read())  # <- here
    except openai.BadRequestError:
        print(f"The API does not know the voice {voice}.")
        return False
    print(f"saved {file}")
    return True
