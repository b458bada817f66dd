"""The customers' pages, and the front door."""

from mainstay.portal.views.home import front

__all__ = ["front"]
