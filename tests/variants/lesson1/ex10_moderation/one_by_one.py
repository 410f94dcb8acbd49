def is_flagged(client, text):
    reply = client.moderations.create(model="omni-moderation-latest", input=text)
    return reply.results[0].flagged


def flag(client, texts):
    return [is_flagged(client, text) for text in texts]
