"""Fault points stop only where the sweep armed them, and only for the object it named."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import faultpoints
from runtime import faults


async def _nothing(_name: str, _about: str) -> None:
    """As outside the sweep."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    faults.install(str(tmp_path), "worker")
    yield tmp_path
    faultpoints.install(_nothing)


async def _reached(file: Path) -> None:
    async with asyncio.timeout(5):
        while not file.exists():  # noqa: ASYNC110 - the other side renames the file
            await asyncio.sleep(0.005)


async def test_an_unarmed_point_lets_everything_pass(folder: Path) -> None:
    await faultpoints.reach("book.before", "cs_1")
    assert list(folder.iterdir()) == []


async def test_an_armed_point_waits_until_it_is_released(folder: Path) -> None:
    (folder / "worker.book.before.armed").touch()
    stopped = asyncio.create_task(faultpoints.reach("book.before", "cs_1"))
    reached = folder / "worker.book.before.reached"
    await _reached(reached)
    assert not stopped.done()
    reached.unlink()
    await asyncio.wait_for(stopped, 5)


async def test_a_point_armed_for_one_object_lets_every_other_pass(folder: Path) -> None:
    armed = folder / "worker.book.before.cs_1.armed"
    armed.touch()
    await faultpoints.reach("book.before", "cs_2")
    await faultpoints.reach("book.after", "cs_1")
    assert armed.exists()
    stopped = asyncio.create_task(faultpoints.reach("book.before", "cs_1"))
    reached = armed.with_suffix(".reached")
    await _reached(reached)
    reached.unlink()
    await asyncio.wait_for(stopped, 5)
    assert not armed.exists()


def test_without_a_directory_no_hook_is_installed() -> None:
    faults.install("", "worker")
    assert asyncio.run(faultpoints.reach("book.before", "cs_1")) is None  # type: ignore[func-returns-value] # it only must not stop
