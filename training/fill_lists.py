"""Word lists as they are written in the modules that fill: one long string."""


def words(text: str) -> list[str]:
    """The words of a string, parted by blanks."""
    return text.split()


def phrases(text: str) -> list[str]:
    """The phrases of a string, parted by bars; each may hold blanks."""
    return text.split("|")
