"""Host: a server of one's own, which publishes what is pushed to a bare repository.

place        where a host keeps what it knows: the folder `starcert` in the repository
settings     what the operator decided: which site, whether pushes must be signed, whose keys are the operator's
installing   a bare repository made into one that publishes
hooks        the two scripts that git starts when somebody pushes
tree         the files of a commit, as a folder to build from
standing     what the live site says of itself
state        what came of the last publication and of the last push that was refused
building     a commit becomes the site, or does not
answer       what whoever waits is told of that
news         what the latest publications changed, for all who waited for one of them
publishing   a commit goes live; rolling back is the same with another commit
former       files of earlier sites that open pages still ask for
tidying      what killed pushes left is removed
files        what systemd, nginx and Caddy are told
"""
