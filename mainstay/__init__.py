"""Mainstay: a technical-support system that drives cases out."""

__version__ = "0.1.0"
