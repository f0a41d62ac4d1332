"""Bodies that are files: larger than others, and read only once their sender is known."""

from starlette.types import Message, Receive, Scope

from api.errors import BodyTooLarge
from models.batch_limits import LARGEST_FILE

#: Where files are sent to.
BATCHES = "/v1/payout_batches"
_TOO_LARGE = f"{LARGEST_FILE // 2**20} MiB at most; send the rest as another file"


def takes_files(scope: Scope) -> bool:
    """Whether the body is a file."""
    return (scope["method"], scope["path"]) == ("POST", BATCHES)


def bounded(receive: Receive, headers: dict[bytes, bytes]) -> Receive:
    """The body as it comes. Raises BodyTooLarge, at once where its length is announced."""
    announced = headers.get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > LARGEST_FILE:
        raise BodyTooLarge(_TOO_LARGE)
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > LARGEST_FILE:
            raise BodyTooLarge(_TOO_LARGE)
        return message

    return counted
