"""Makes docs/certificate.png: a certificate's page on a phone, and its star mark beside it.

    python docs/make.py

Builds the demonstration as of a fixed day, shows it in Chromium with the clock at noon of that day, and reduces the
picture to 128 colours. Needs what the tests need: see requirements-test.lock and tests/install-tools.sh.
"""

import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))

from starcert import serve  # noqa: E402

DAY, NUMBER = "2026-11-22", "99926SC00001R0M"
PHONE = {"width": 390, "height": 760}
MADE = PROJECT / "docs" / "certificate.png"
PICTURE = """<!doctype html>
<style>
body {{ margin: 0; padding: 28px; width: max-content; background: #dfe4e6;
       display: flex; gap: 40px; align-items: center }}
.phone {{ height: 760px; border: 10px solid #20262b; border-radius: 36px }}
.mark {{ height: 560px }}
</style>
<img class="phone" src="{}"><img class="mark" src="{}">
"""


def build(*arguments: str) -> None:
    """Run build.py for the fixed day."""
    command = [sys.executable, "build.py", "--quiet", "--as-of", DAY, *arguments]
    subprocess.run(command, cwd=PROJECT, check=True)


def page(browser: Browser, address: str) -> bytes:
    """The top of a page as a phone shows it in daylight, at noon in China."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, color_scheme="light", is_mobile=True)
    phone = context.new_page()
    phone.clock.set_fixed_time(f"{DAY}T12:00:00+08:00")
    phone.goto(address)
    phone.wait_for_selector("[data-state=valid]")
    return phone.screenshot()


def together(browser: Browser, *pictures: bytes) -> bytes:
    """The pictures side by side."""
    sheet = browser.new_page(viewport={"width": 1200, "height": 900}, device_scale_factor=2)
    sheet.set_content(PICTURE.format(*(f"data:image/png;base64,{b64encode(picture).decode()}" for picture in pictures)))
    sheet.wait_for_function("[...document.images].every((picture) => picture.complete && picture.naturalWidth)")
    return sheet.locator("body").screenshot()


def make() -> None:
    with TemporaryDirectory() as place, sync_playwright() as playwright:
        folder, mark, shot = Path(place) / "site", Path(place) / "mark.png", Path(place) / "shot.png"
        build("--out", str(folder))
        build("mark", NUMBER, "--format", "png", "--output", str(mark))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with serve.static(folder) as address:
            shot.write_bytes(together(browser, page(browser, f"{address}/C/{NUMBER}/"), mark.read_bytes()))
        browser.close()
        with Image.open(shot) as picture:
            picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(MADE, optimize=True)


if __name__ == "__main__":
    make()
