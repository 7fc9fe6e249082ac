"""What the vendors refuse, known before any of them is asked."""

from __future__ import annotations

from collections.abc import Collection

# The name's limit and what is counted. Volcengine's voices have no name.
NAMES = {"coze": (128, "bytes (UTF-8)"), "qiniu": (20, "characters"), "kling": (20, "characters")}

# Without a paid tier (Qiniu), and with the default model (Volcengine's API V1). Kling is told no language.
LANGUAGES = {
    "volcengine": ("zh", "en", "ja", "es", "id", "pt"),
    "coze": ("zh", "en", "ja", "es", "id", "pt"),
    "qiniu": ("zh", "en"),
}

VENDORS = ("volcengine", "coze", "qiniu", "kling")


def refusals(voice_name: str, language: str, vendors: Collection[str]) -> list[str]:
    """What is wrong, a sentence each; empty if nothing is.

    The name must suit every vendor, chosen or not: to change it when a vendor is added later would cost a
    training at Coze and the voice at Kling. The language must suit the chosen ones.
    """
    found = []
    if not vendors:
        found.append(f"no vendor is chosen; there are {', '.join(VENDORS)}")
    found += [
        f"there is no vendor {vendor!r}; there are {', '.join(VENDORS)}"
        for vendor in vendors
        if vendor not in VENDORS
    ]
    if not voice_name:
        found.append(f"the voice's name is empty, which {', '.join(NAMES)} refuse")
    for vendor, (limit, unit) in NAMES.items():
        size = len(voice_name.encode()) if unit.startswith("bytes") else len(voice_name)
        if size > limit:
            found.append(
                f"{vendor} refuses the name {voice_name!r}: {size} {unit}, at most {limit} are allowed"
            )
    for vendor, languages in LANGUAGES.items():
        if vendor in vendors and language not in languages:
            found.append(f"{vendor} refuses the language {language!r}; it takes {', '.join(languages)}")
    return found
