from concurrent.futures import ThreadPoolExecutor


def answer_as(client, persona, question):
    example = [{"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": f"I am {persona}."}]
    system = {"role": "system", "content": f"Speak as {persona} would."}
    return (
        client.chat.completions.create(
            model="gpt-4o-mini", messages=[system, *example, {"role": "user", "content": question}], n=1
        )
        .choices[0]
        .message.content
    )


def compare(client, personas, question):
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda persona: answer_as(client, persona, question), personas))
