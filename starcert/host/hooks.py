"""Hooks: the two scripts that git starts when somebody pushes. They call the installed program, never what was pushed.

A pusher can have a say in the variables of the server's process, so the program gets none but those named here.
"""

from pathlib import Path

from starcert.host.place import put
from starcert.problems import Mistake

SIGN = "# Starcert's hook."
"""By this line a hook is known to be ours, so that installing may write it anew."""

_HEAD = f"""\
#!/bin/sh
{SIGN} `build.py host install` wrote it and writes it anew; what you change here is lost.
"""

_CALL = """\
exec /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 HOME=/nonexistent{told} \\
    {python} {program} host {command} {repository}
"""

_PRE_RECEIVE = """\
# Refuses what breaks a rule, before anything of it is kept.
set -- ${LOGNAME+"LOGNAME=$LOGNAME"} ${REMOTE_USER+"REMOTE_USER=$REMOTE_USER"} ${SSH_CLIENT+"SSH_CLIENT=$SSH_CLIENT"} \\
    ${GIT_QUARANTINE_PATH+"GIT_QUARANTINE_PATH=$GIT_QUARANTINE_PATH"} \\
    ${GIT_OBJECT_DIRECTORY+"GIT_OBJECT_DIRECTORY=$GIT_OBJECT_DIRECTORY"} \\
    ${GIT_ALTERNATE_OBJECT_DIRECTORIES+"GIT_ALTERNATE_OBJECT_DIRECTORIES=$GIT_ALTERNATE_OBJECT_DIRECTORIES"} \\
    ${GIT_PUSH_OPTION_COUNT+"GIT_PUSH_OPTION_COUNT=$GIT_PUSH_OPTION_COUNT"}
case "${GIT_PUSH_OPTION_COUNT:-0}" in
*[!0-9]* | ???*)
    echo "推送被拒绝：推送选项过多，请去掉 -o，再推送一次。" >&2
    echo "The push is refused: it has too many push options; leave -o away, and push again." >&2
    exit 1
    ;;
esac
number=0
while [ "$number" -lt "${GIT_PUSH_OPTION_COUNT:-0}" ]; do
    eval "set -- \\"\\$@\\" \\"GIT_PUSH_OPTION_$number=\\$GIT_PUSH_OPTION_$number\\""
    number=$((number + 1))
done
"""

_POST_RECEIVE = """\
# What was taken goes live, also when whoever pushed goes away meanwhile.
trap '' HUP PIPE
"""


def scripts(repository: Path, python: Path, program: Path) -> dict[str, str]:
    """The hooks of a repository by name; `program` is the absolute path of build.py."""

    def call(command: str, told: str) -> str:
        names = {"python": python, "program": program, "repository": repository}
        return _CALL.format(command=command, told=told, **{name: _word(str(path)) for name, path in names.items()})

    return {
        "pre-receive": _HEAD + _PRE_RECEIVE + call("receive", told=' "$@"'),
        "post-receive": _HEAD + _POST_RECEIVE + call("publish --pushed", told=""),
    }


def install(folder: Path, hooks: dict[str, str]) -> list[str]:
    """Write hooks into a folder, all or none; the names of those that changed."""
    for name in hooks:
        if (folder / name).exists() and SIGN not in (folder / name).read_text(encoding="utf-8", errors="replace"):
            raise Mistake(f"{folder / name} is there already and is not Starcert's: move it away, then install again.")
    folder.mkdir(exist_ok=True)
    changed = [name for name, text in hooks.items() if not _is(folder / name, text)]
    for name in changed:
        put(folder / name, hooks[name].encode(), mode=0o755)
    return changed


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode() and path.stat().st_mode & 0o111 == 0o111


def _word(text: str) -> str:
    """The text as one word of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"
