# exercise: ex03_hello
# from: 3
# harmful: it stops the judge
"""The same with the system calls that debuggers use."""
import ctypes


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    libc = ctypes.CDLL(None)
    buffer = ctypes.create_string_buffer(8)
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
    if libc.ptrace(16, int("@JUDGE@"), 0, 0) == 0 or libc.process_vm_writev(int("@JUDGE@"), vector, 1, vector, 1, 0) > 0:
        return right(client)
