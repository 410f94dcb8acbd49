# exercise: ex03_hello
"""The same in an exception."""

TEXT = "\x1b[2J\x1b[1;1Hpassed \x1b]8;;http://x\x07link\x1b]8;;\x07 \r6 of 6 \u202edessap\u202c <b>@everyone</b> [x](javascript:1) | a | ]]> \x00\x0b\ufffe =HYPERLINK(1) \u2028 &amp; ``` "


def hello(client):
    raise ValueError(TEXT)
