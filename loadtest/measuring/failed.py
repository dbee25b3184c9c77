"""Why there is no figure."""


class Failed(Exception):
    """A scenario came to nothing."""


def fail(text):
    raise Failed(text)
