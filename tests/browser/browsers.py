"""The browser of a worker: one for all its tests, and another where it hangs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from shutil import which
from signal import SIGKILL
from threading import Timer

from playwright.sync_api import Browser, BrowserType

from tools.suite import BROWSERS

QUIET = ["--disable-background-networking", "--disable-sync"]
PATIENCE = 180.0  # seconds; the slowest test takes 30 with two runs side by side
#: What a test says whose browser is gone. It is asked again, once, in another.
GONE = "TargetClosedError"


class Browsers:
    """Starts Chromium, keeps it, and ends it where it does not answer.

    Playwright waits 30 seconds for most things, but for ever for what a page computes
    and for a window that opens or closes. There Chromium forgets to answer now and
    then, as where a window closes while its page is being exchanged for the next.
    """

    def __init__(self, chromium: BrowserType) -> None:
        self._chromium = chromium
        self._browser: Browser | None = None
        self._process = 0

    def one(self) -> Browser:
        """Return the browser that runs, or else a new one."""
        browser = self._browser
        if browser is None or not browser.is_connected():
            self._process = 0
            browser = self._browser = self._start()
            self._process = _process_of(browser)
        return browser

    @contextmanager
    def patience(self, seconds: float = PATIENCE) -> Iterator[None]:
        """End the browser once a block takes longer: whoever waits for it is told."""
        timer = Timer(seconds, self._end)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _start(self) -> Browser:
        # Chromium's sandbox refuses root, and only root.
        options = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
        program = next(path for name in BROWSERS if (path := which(name)))
        return self._chromium.launch(executable_path=program, args=options)

    def _end(self) -> None:
        process, self._process, self._browser = self._process, 0, None
        with suppress(ProcessLookupError):  # it ended by itself
            if process:
                os.kill(process, SIGKILL)


def _process_of(browser: Browser) -> int:
    """Return the id of the process that all others of a browser end with."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return next(int(each["id"]) for each in processes if each["type"] == "browser")
