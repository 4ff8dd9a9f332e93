"""A body's keys: which lines are read as keys, on which days they count, and that nobody reads them on the site."""

import base64
import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import keys
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keys import EXAMPLE_BODY, OTHER_BODY, listed, pair
from project import project, unpacked
from records import problems_in_rulebook

from starcert.key import Key
from starcert.sshkey import NoKey, SshKey, ssh_key

README = Path(__file__).parent.parent / "registry/README.md"
DAY = date(2026, 11, 22)
ONE_DAY = timedelta(days=1)
KINDS = [("ed25519",), ("ecdsa", "-b", "256"), ("ecdsa", "-b", "384"), ("ecdsa", "-b", "521"), ("rsa", "-b", "3072")]


def on_token(line: str) -> str:
    """The public key as one of a FIDO token: under another type, and with the name of an application after it."""
    type, _, text = line.partition(" ")
    new, blob = f"sk-{type}@openssh.com", base64.b64decode(text)[4 + len(type) :]
    parts = (len(new).to_bytes(4, "big"), new.encode(), blob, (4).to_bytes(4, "big"), b"ssh:")
    return f"{new} {base64.b64encode(b''.join(parts)).decode()}"


def told(text: str) -> str:
    """Why the text is no key."""
    with pytest.raises(NoKey) as caught:
        ssh_key(text)
    return str(caught.value)


def body_with(*items: str) -> str:
    """The small rulebook's body with those keys."""
    return EXAMPLE_BODY + "keys:\n" + "".join(items)


@pytest.mark.parametrize("kind", KINDS, ids="".join)
def test_a_key_is_read_as_ssh_keygen_made_it(kind: tuple[str, ...]) -> None:
    """Each type that may sign is read, and has the fingerprint that ssh-keygen tells."""
    made = pair("maker", *kind)
    shown = subprocess.run(["ssh-keygen", "-lf", f"{made.private}.pub"], capture_output=True, text=True, check=True)
    assert str(made.public) == made.line
    assert made.public.fingerprint == shown.stdout.split()[1]


@pytest.mark.parametrize("kind", KINDS[:2], ids="".join)
def test_a_key_of_a_token_is_read(kind: tuple[str, ...]) -> None:
    """Keys that live on FIDO tokens may sign, and ssh-keygen knows them by the same fingerprint."""
    line = on_token(pair("maker", *kind).line)
    shown = subprocess.run(["ssh-keygen", "-lf", "-"], input=line, capture_output=True, text=True, check=True)
    assert str(ssh_key(line)) == line
    assert ssh_key(line).fingerprint == shown.stdout.split()[1]


def test_a_weak_key_is_told_which_to_make() -> None:
    """RSA needs 3072 bits."""
    assert told(pair("weak", "rsa", "-b", "2048").line) == (
        "an RSA key of 2048 bits, but needs 3072 or more: make one with ssh-keygen -t ed25519"
    )


def test_a_private_key_is_never_repeated() -> None:
    """Of a private key pasted by mistake no part stands in the message."""
    private = pair("secret").private.read_text()
    found = problems_in_rulebook(
        {"bodies/example-cb.yaml": body_with(listed("|\n      " + private.replace("\n", "\n      ")))}
    )
    assert [line for line in found if "public_key" in line] == [
        "bodies/example-cb.yaml:10:10: keys[1].key is a private key, which nobody else may ever see: make a new pair "
        "with ssh-keygen -t ed25519, since this one has been seen, and write the line of its .pub file [public_key]"
    ]
    assert not any(line in " ".join(found) for line in private.split("\n")[1:-2])


def test_the_file_of_another_program_is_told_apart() -> None:
    """PuTTY's file holds a private key; that of RFC 4716 can be turned into a line."""
    assert told("PuTTY-User-Key-File-3: ssh-ed25519 Encryption: none").startswith("a private key")
    assert told("---- BEGIN SSH2 PUBLIC KEY ---- AAAA").endswith(
        "turn its file into one line with ssh-keygen -i -f FILE"
    )


def read_or_told(text: str) -> str:
    """The key as it is read, or what is told instead."""
    try:
        return str(ssh_key(text))
    except NoKey as error:
        return str(error)


@given(st.data())
def test_a_key_with_any_change_is_another_key_or_none(data: st.DataObject) -> None:
    """Whatever character is put in, or in place of another: it is refused, or read as just what is written."""
    line = pair("changed").line
    at = data.draw(st.integers(0, len(line) - 1))
    text = line[:at] + data.draw(st.characters(codec="utf-8")) + line[at + data.draw(st.integers(0, 1)) :]
    found = read_or_told(text)
    assert found == text or ": " in found


@given(st.text(max_size=80) | st.builds("{} {}".format, st.sampled_from(["ssh-rsa", "ssh-ed25519"]), st.text()))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is a key or told why not, on one line of which every character shows."""
    assert read_or_told(text).isprintable()


def key(**days: date | None) -> Key:
    """A key that is valid from some day on, with these days."""
    told: dict[str, date | None] = {"valid_from": DAY - 9 * ONE_DAY, "valid_until": None, "revoked": None, **days}
    return Key(SshKey("ssh-ed25519", ""), "王芳", **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "before", "on", "after"),
    [
        ({"valid_from": DAY}, False, True, True),
        ({"valid_until": DAY}, True, True, False),
        ({"revoked": DAY}, True, False, False),
        ({"valid_until": DAY, "revoked": DAY + ONE_DAY}, True, True, False),
    ],
)
def test_a_key_counts_within_its_days(days: dict[str, date], before: bool, on: bool, after: bool) -> None:
    """Its first and last day are days on which it counts; that of its revocation is none."""
    found = [key(**days).counts_on(day) for day in (DAY - ONE_DAY, DAY, DAY + ONE_DAY)]
    assert found == [before, on, after]


def test_a_key_says_why_it_does_not_count() -> None:
    """A revoked key is called revoked, though it has ended too."""
    assert key(valid_from=DAY + ONE_DAY).refusal_on(DAY) == "is valid only from 2026-11-23 on"
    assert key(valid_until=DAY - ONE_DAY).refusal_on(DAY) == "was valid only until 2026-11-21"
    assert key(valid_until=DAY - ONE_DAY, revoked=DAY).refusal_on(DAY) == "was revoked on 2026-11-22"


def test_a_key_of_two_bodies_is_found_though_one_has_another_mistake() -> None:
    """Whose key it is, is known of a body that is wrong elsewhere."""
    line = pair("shared").line
    found = problems_in_rulebook(
        {
            "bodies/example-cb.yaml": body_with(listed(line)).replace("phone: +86", "phone: tel. +86"),
            "bodies/other-cb.yaml": OTHER_BODY + "keys:\n" + listed(line),
        }
    )
    assert [line.rpartition("[")[2] for line in found] == ["code]", "key_is_one_bodys]"]


def test_the_readme_shows_keys_that_pass() -> None:
    """The lines in registry/README.md, at the end of a body's record, leave nothing wrong."""
    [block] = re.findall(r"^```yaml\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert problems_in_rulebook({"bodies/example-cb.yaml": EXAMPLE_BODY + block}) == []


def test_a_new_key_makes_no_page_anew_and_stands_on_none(tmp_path: Path) -> None:
    """Readers are told nothing of keys; the body's name on the other hand stands on pages."""
    made = project(tmp_path)
    made.build("--quiet")
    before = {path: path.stat().st_ino for path in made.path("site").rglob("*") if path.is_file()}
    line = pair("published").line
    made.write("registry/bodies/example-cb.yaml", body_with(keys.listed(line)))
    assert made.build("--quiet").code == 0
    assert {path: path.stat().st_ino for path in made.path("site").rglob("*") if path.is_file()} == before
    assert not any(line.split()[1].encode() in data for data in unpacked(made.site).values())
    made.write("registry/bodies/example-cb.yaml", body_with(keys.listed(line)).replace("示例认证", "示例更名认证"))
    assert made.build("--quiet").code == 0
    assert "示例更名认证有限公司" in made.page("C/99925SC00123R1M")
