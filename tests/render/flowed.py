"""The reading side of format=flowed, written from RFC 3676 section 4.1 and from nothing else."""


def paragraphs(text: str) -> list[tuple[int, str]]:
    """Give the paragraphs of a text with DelSp=no, each with its depth of quotation."""
    found: list[tuple[int, str]] = []
    going_on = False
    for raw in text.removesuffix("\n").split("\n"):
        bare = raw.lstrip(">")
        depth = len(raw) - len(bare)
        line = bare.removeprefix(" ")
        signature = line == "-- "
        joins = going_on and found[-1][0] == depth and not signature
        if joins:
            found[-1] = (depth, found[-1][1] + line)
        else:
            found.append((depth, line))
        going_on = line.endswith(" ") and not signature
    return found


def words(text: str) -> list[str]:
    """Give every word in the order of reading."""
    return [word for _, paragraph in paragraphs(text) for word in paragraph.split()]
