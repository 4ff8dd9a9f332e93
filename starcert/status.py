"""Status: what a certificate is on one day. Only the valid ones are published."""

from enum import StrEnum


class Status(StrEnum):
    """The seven statuses, in their order of precedence; exactly one holds on any day."""

    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    OVERDUE = "surveillance overdue"
    NOT_YET_VALID = "not yet valid"
    VALID = "valid"
