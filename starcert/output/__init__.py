"""Output: the folder that a site is published into.

`site` stages what is written and publishes it: the whole in one step, or the changes one file after the other;
`ground` says which folders may be taken, `disk` is what the system does for that, `vouch` the word that a memory
of the site tells of it as it stands.
"""

from starcert.output.disk import Halfway, Refused, flush, locked
from starcert.output.ground import MARK, refuse_unsafe
from starcert.output.site import Site

__all__ = ["MARK", "Halfway", "Refused", "Site", "flush", "locked", "refuse_unsafe"]
