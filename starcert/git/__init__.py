"""Git: commits, trees and blobs of a repository, told by the git program; its only user. Knows nothing of ours.

program      runs git, so that nothing around it can change what it says
repository   commits, changes, the entries of a tree
trees        what differs between trees
blobs        what lies in blobs, by one git process for all of them
signatures   with which SSH keys commits were signed
"""

from starcert.git.blobs import Blobs
from starcert.git.program import GitError
from starcert.git.repository import Commit, Entry, Repository
from starcert.git.signatures import Signature, State, signers
from starcert.git.trees import Change, TooMany

__all__ = ["Blobs", "Change", "Commit", "Entry", "GitError", "Repository", "Signature", "State", "TooMany", "signers"]
