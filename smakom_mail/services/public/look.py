"""What the public pages take from the newsletter's layout."""

from smakom_mail.services.workplace import Workplace

_LARGEST = 2_000_000


def masthead_picture(workplace: Workplace) -> bytes | None:
    """Give the picture of the layout's masthead; None where it has none of that name."""
    layouts = (workplace.root / "layouts").resolve()
    place = layouts / workplace.config.newsletter.layout / "images" / "masthead.png"
    try:
        real = place.resolve()
        if layouts not in real.parents or real.stat().st_size > _LARGEST:
            return None
        return real.read_bytes()
    except (OSError, RuntimeError):
        return None
