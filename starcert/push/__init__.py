"""Push: what must hold of commits that somebody wants main to have; values in, problems out.

line        the commits stand in one line, and go on from main
shape       what the files of a tree may be, and be named
keyring     whose keys count on the day
authority   who may change what
tree        a registry that lies in a commit's tree
standard    what records are judged by, as a digest
ledger      what is known of the records of main, so that only what changed is judged
leaving     how much a push takes off the register
judging     all of it together: a push -> a verdict
verdict     what was found, of which commit
source      the lines that problems stand in
answer      the verdict in words, Chinese and English
"""
