"""Work that is done later, once, whatever happens in between: `@task` declares it, `.enqueue()` asks for it, the worker does it.

Nothing here imports a model, so any module may declare tasks while the apps are still loading.
"""

from __future__ import annotations

from mainstay.jobs.declare import every, task
from mainstay.jobs.drain import run_all
from mainstay.jobs.outcome import GiveUp, Retry

__all__ = ["GiveUp", "Retry", "every", "run_all", "task"]
