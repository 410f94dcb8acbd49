import os

open("@OPEN@/shadowed", "w").close()
os._exit(0)
