"""Whether something serves HTTP at an address."""

import urllib.error
import urllib.request


def serves(url: str) -> bool:
    """True when a GET is answered with a status below 500."""
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - an address of this machine
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
    return True
