import asyncio

import openai


async def save_speech(client, text, file, *, voice="alloy"):
    def speak():
        with client.audio.speech.with_streaming_response.create(model="tts-1", voice=voice, input=text) as reply:
            return reply.read()

    try:
        sound = await asyncio.to_thread(speak)
    except openai.BadRequestError:
        print("no such voice:", voice)
        return False
    with open(file, "wb") as target:
        target.write(sound)
    print(f"saved {file}")
    return True
