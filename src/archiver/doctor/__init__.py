"""What is the matter with an archive, its configuration, its file or its disk; and what of that can be mended.

    examine(place)      every ailment, each with what it means and what to do about it; nothing is altered
    treat(place, one)   mends one that can be mended

No evidence is ever altered: what is mended is the plan, what was read, indexes, views, triggers, and what a
crash left beside the file. Whether the evidence itself is as it was recorded is for `verify` to say.
"""

from archiver.doctor.ailments import KNOWN, Ailment, Place, ailing
from archiver.doctor.examining import examine
from archiver.doctor.mending import MENDS, treat

__all__ = ["KNOWN", "MENDS", "Ailment", "Place", "ailing", "examine", "treat"]
