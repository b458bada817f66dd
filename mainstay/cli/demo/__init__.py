"""A demo company with believable cases, made through the real verbs with a fixed seed."""

from mainstay.cli.demo.seed import seed

__all__ = ["seed"]
