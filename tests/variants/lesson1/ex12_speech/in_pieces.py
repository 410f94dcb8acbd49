import os

import openai


def save_speech(client, text, file, voice="alloy"):
    saved = False
    with open(file + ".part", "wb") as target:
        try:
            with client.audio.speech.with_streaming_response.create(
                model="tts-1", voice=voice, input=text
            ) as response:
                for piece in response.iter_bytes(1024):
                    target.write(piece)
            saved = True
        except openai.APIStatusError as error:
            print(f"Voice {voice}: {error.message}")
    if saved:
        os.replace(file + ".part", file)
        print(f"saved {file}")
    else:
        os.remove(file + ".part")
    return saved
