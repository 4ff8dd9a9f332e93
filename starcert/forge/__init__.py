"""Forge: what GitHub and GitLab, and the hosts that serve pages for them, ask for in forms of their own."""

from starcert.forge.annotations import annotations
from starcert.forge.codeowners import codeowners, is_current
from starcert.forge.quality import as_gitlab
from starcert.forge.sarif import as_sarif
from starcert.forge.summary import as_markdown

__all__ = ["annotations", "as_gitlab", "as_markdown", "as_sarif", "codeowners", "is_current"]
