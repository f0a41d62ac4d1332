"""What the numbers were measured on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil


def facts() -> dict[str, str | int | float]:
    """Cores, memory, versions."""
    return {
        "cores": os.cpu_count() or 0,
        "processor": _processor(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "temporalio": version("temporalio"),
    }


def load() -> float:
    """Runnable processes before the benchmark starts; on a quiet machine below 0.2."""
    return round(os.getloadavg()[0], 2)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
