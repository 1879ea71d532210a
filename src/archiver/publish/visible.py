"""Text from a site, made safe to show: what would steer a terminal or turn the reading direction is drawn instead.

Control characters become their pictures (U+2400 and on), line breaks too: one block is one line. Bidirectional controls
can make a sentence read as another (Trojan Source, CVE-2021-42574); they become a replacement character. Pure.
"""

_TURNING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]
_DRAWN: dict[int, str] = (
    {code: chr(0x2400 + code) for code in range(0x20)}
    | {0x7F: "\u2421"}
    | dict.fromkeys([*range(0x80, 0xA0), *_TURNING, 0x2028, 0x2029, *range(0xD800, 0xE000)], "\ufffd")
)


def visible(text: str) -> str:
    """The text with nothing in it that acts."""
    return text if text.isascii() and text.isprintable() else text.translate(_DRAWN)
