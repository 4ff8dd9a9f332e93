"""Pages: what readers see. Certificates and lists of them in, paths and bytes out; nothing here writes a file.

Each module is a kind of page and has the templates of its name; `environment` alone knows jinja2. `groups` says which
lists there are, `lists` what they show, `cuts` and `outline` how a long one is divided into pages.
"""
