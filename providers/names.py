"""Whether two spellings name one person, as providers and people write names. Pure."""


def same_name(told: str | None, known: str | None) -> bool | None:
    """Whether the words are the same in any order and case; None where one is not known."""
    return _words(told) == _words(known) if told and known else None


def _words(name: str) -> list[str]:
    return sorted(name.casefold().split())
