"""Starcert: certificate records in a git repository -> a public register that anyone can trust.

    registry/*.yaml -> Record -> Certificate -> (problems? stop) -> valid on one day -> pages -> site/ -> search index

The words, the same everywhere: a *record* is a YAML file; a *certificate* is what it says; its *holder* was
scored in *audits* under a *scheme* by a *certification body*, which gave a *level* in *stars*; a *status* holds
on a day; a *problem* is a place, a *rule* and a sentence.
"""

__version__ = "0.1.0"
