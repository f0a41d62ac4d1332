"""Offers pay-ins by k6, open loop, and reads what it measured."""

import json
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cli.stack.programs import Program, obtain

K6 = Program(name="k6", module="go.k6.io/k6@v1.8.1", packages=1100)
_SCRIPT = Path(__file__).with_name("pay_in.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """How requests were answered. Milliseconds; a run with dropped iterations does not count."""

    rate: float
    seconds: float
    accepted: int
    errors: int
    dropped: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    k6_cpu_seconds: float

    @property
    def counts(self) -> bool:
        """True when every iteration began in time."""
        return self.dropped == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """Where pay-ins go: API, key, and by which method from which numbers."""

    url: str
    key: str
    method: str = "momo"
    currency: str = "XAF"
    phone: str = "+237677"


def program(say: Callable[[str], None]) -> Path:
    """k6: on PATH, in our cache, or built (minutes, once)."""
    found = shutil.which("k6")
    return Path(found) if found else obtain(K6, say)


def offer(k6: Path, till: Till, *, name: str, rate: float, seconds: float) -> Acceptance:
    """Offer `rate` pay-ins a second for `seconds`; references are `name-0`, `name-1`, …"""
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder) / "summary.json"
        before = _children()
        ended = subprocess.run(
            [str(k6), "run", "--quiet", "--no-usage-report", str(_SCRIPT)],
            env={
                **os.environ,
                **_told(till, name, rate, seconds),
                "SUMMARY": str(summary),
                "GOGC": "400",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode or not summary.exists():
            raise RuntimeError(f"k6 failed: {ended.stderr.strip()[-600:]}")
        metrics = json.loads(summary.read_text())
    return _read(metrics, rate, seconds, _children() - before)


def _told(till: Till, name: str, rate: float, seconds: float) -> dict[str, str]:
    """The script's settings; k6 takes whole rates only, so the rate is per ten seconds."""
    return {
        "URL": till.url,
        "KEY": till.key,
        "METHOD": till.method,
        "CURRENCY": till.currency,
        "PHONE": till.phone,
        "RUN": name,
        "RATE": str(round(rate * 10)),
        "UNIT": "10s",
        "SECONDS": f"{seconds:.0f}",
        "GOGC": "400",  # k6 shares the cores with what it measures
        "VUS": str(max(100, round(rate * 1.5))),
    }


def _read(
    metrics: dict[str, dict[str, dict[str, float]]], rate: float, seconds: float, cpu: float
) -> Acceptance:
    def count(name: str) -> int:
        return int(metrics.get(name, {"values": {"count": 0}})["values"]["count"])

    taken = metrics["acceptance"]["values"]
    return Acceptance(
        rate=rate,
        seconds=seconds,
        accepted=count("accepted"),
        errors=count("refused"),
        dropped=count("dropped_iterations"),
        p50_ms=taken["med"],
        p95_ms=taken["p(95)"],
        p99_ms=taken["p(99)"],
        max_ms=taken["max"],
        k6_cpu_seconds=cpu,
    )


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
