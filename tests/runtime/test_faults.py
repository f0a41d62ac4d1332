"""Fault points stop only where the sweep armed them, and only for the object it named."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import faultpoints
from runtime import faults
from runtime.settings import Settings


async def _nothing(_name: str, _about: str) -> None:
    """As outside the sweep."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    faults.install(str(tmp_path), "worker")
    yield tmp_path
    faultpoints.install(_nothing)


def _files(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def _reached(folder: Path) -> None:
    async with asyncio.timeout(30):
        while not any(name.endswith(".reached") for name in _files(folder)):  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.005)


async def test_an_unarmed_point_lets_everything_pass(folder: Path) -> None:
    await faultpoints.reach("book.before", "cs_1")
    assert _files(folder) == []


async def test_an_armed_point_waits_until_it_is_released(folder: Path) -> None:
    (folder / "worker.book.before.armed").touch()
    stopped = asyncio.create_task(faultpoints.reach("book.before", "cs_1"))
    await _reached(folder)
    assert not stopped.done()
    (folder / "worker.book.before.reached").unlink()
    await asyncio.wait_for(stopped, 30)


async def test_a_point_armed_for_one_object_lets_every_other_pass(folder: Path) -> None:
    (folder / "worker.book.before.cs_1.armed").touch()
    await faultpoints.reach("book.before", "cs_2")
    await faultpoints.reach("book.after", "cs_1")
    assert _files(folder) == ["worker.book.before.cs_1.armed"]
    stopped = asyncio.create_task(faultpoints.reach("book.before", "cs_1"))
    await _reached(folder)
    (folder / "worker.book.before.cs_1.reached").unlink()
    await asyncio.wait_for(stopped, 30)
    assert _files(folder) == []


def test_without_a_directory_no_hook_is_installed() -> None:
    faults.install("", "worker")
    asyncio.run(asyncio.wait_for(faultpoints.reach("book.before", "cs_1"), 30))
    assert Settings(env="test").faultpoints == ""
