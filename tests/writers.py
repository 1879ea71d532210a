"""Which archives are open for writing in this process: each has a writer, with a thread of its own."""

import threading


def writers() -> set[threading.Thread]:
    """The threads of the archives that nobody has closed."""
    return {thread for thread in threading.enumerate() if thread.name == "archive-writer"}
