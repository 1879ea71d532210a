"""Who may see what. The public: what the public views show. A researcher: names, texts under embargo, raw bodies, free
SQL over every table. An admin: also what was withheld on request, though not what was erased.

Whether someone is one is a permission of Datasette's (`archiver-researcher`, `archiver-admin`), so that any of its
plugins may grant it. Our own grants follow the settings of this plugin: `tiers`, an allow block for each, and `tokens`,
the SHA-256 of each reader's token by their name. A token comes as `Authorization: Bearer …`, or as the password that a
browser asks for at /login.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from datasette.utils import actor_matches_allow

PUBLIC, RESEARCHER, ADMIN = range(3)
PERMISSIONS: Mapping[str, int] = {"archiver-admin": ADMIN, "archiver-researcher": RESEARCHER}
_LONGEST = 1_000
"""Letters of a header that is looked at."""

Settings = Mapping[str, Any]
Actor = Mapping[str, Any] | None


def actor_of(settings: Settings, authorization: str) -> dict[str, str] | None:
    """Whose token the header holds; None where it is nobody's."""
    token = _token(authorization[:_LONGEST])
    given = hashlib.sha256(token.encode()).hexdigest()
    held = [
        name for name, wanted in settings.get("tokens", {}).items() if hmac.compare_digest(given, str(wanted).lower())
    ]
    return {"id": str(held[0])} if token and held else None


def grants(settings: Settings, actor: Actor, permission: str) -> bool | None:
    """Whether the settings give this permission; None where they say nothing of it. An admin is a researcher too."""
    wanted = PERMISSIONS[permission]
    if settings.get("tier") == "researcher" and wanted == RESEARCHER:
        return True  # the whole room is a researcher's own
    names = [name for name, tier in (("researcher", RESEARCHER), ("admin", ADMIN)) if tier >= wanted]
    blocks = [settings["tiers"][name] for name in names if name in settings.get("tiers", {})]
    return any(actor_matches_allow(actor, block) for block in blocks) or None


async def tier_of(datasette: Any, actor: Actor) -> int:  # noqa: ANN401  # Datasette gives itself no type
    """The highest tier that Datasette grants; without settings of ours only to somebody."""
    if actor is None and not datasette.plugin_config("archiver"):
        return PUBLIC
    for permission, tier in PERMISSIONS.items():
        if await datasette.permission_allowed(actor, permission, default=False):
            return tier
    return PUBLIC


def _token(authorization: str) -> str:
    """The secret of a header: a bearer's token (RFC 6750 §2.1), or the password of RFC 7617."""
    scheme, _, rest = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2] if scheme else ""
    except ValueError:  # signs that are no base64, or bytes that are no UTF-8
        return ""
