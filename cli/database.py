"""Which database commands work on that need no API."""


def database_url() -> str:
    """As the settings name it."""
    from runtime.settings import Settings  # noqa: PLC0415 - the command line starts without it

    return Settings().database_url
