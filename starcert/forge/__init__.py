"""Forge: what GitHub and GitLab, and the hosts that serve pages for them, ask for in forms of their own."""
