"""`mainstay worker`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "do the jobs: reactions, letters, deliveries, timers"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--threads", type=int, default=2, help="threads for ordinary jobs (2)")
    parser.add_argument("--network-threads", type=int, default=2, help="threads for jobs that wait for other machines (2)")


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()

    import signal

    from mainstay.jobs.worker import Worker

    worker = Worker(threads=options.threads, network_threads=options.network_threads)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
    return 0
