"""Several things at one moment, each in a thread and a context of its own."""

from threading import Barrier, Thread

from flask import Flask


def together(app: Flask, *works: object) -> list[Exception]:
    """Do several things at once, each in a context of its own."""
    start = Barrier(len(works))
    errors: list[Exception] = []

    def do(work: object) -> None:
        try:
            with app.app_context():
                start.wait()
                work()  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 - for the test to see
            errors.append(error)

    threads = [Thread(target=do, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
