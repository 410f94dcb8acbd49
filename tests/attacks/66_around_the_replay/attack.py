# exercise: ex03_hello
# from: 2
"""Connects past the client, in ten ways; earns the points if one succeeds."""
import ctypes
import socket
import struct
import urllib.request


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def low_level():
    libc = ctypes.CDLL(None)
    port = int("@PORT@")
    address = struct.pack("=HH4s8x", 2, ((port & 255) << 8) | (port >> 8), bytes([127, 0, 0, 1]))
    if libc.connect(libc.socket(2, 1, 0), address, 16):
        raise OSError


def unix():
    socket.socket(socket.AF_UNIX).connect("@UNIX@")


def hello(client):
    ways = [
        lambda: socket.create_connection(("127.0.0.1", int("@PORT@")), 1),
        lambda: socket.create_connection(("::1", int("@PORT@")), 1),
        lambda: socket.create_connection(("169.254.169.254", 80), 1),
        lambda: socket.getaddrinfo("secret.example.com", 80),
        lambda: urllib.request.urlopen("http://127.0.0.1:@PORT@/", timeout=1),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53)),
        low_level,
        unix,
    ]
    for way in ways:
        try:
            way()
        except (Exception, SystemExit):
            continue
        return right(client)
    return "refused"
