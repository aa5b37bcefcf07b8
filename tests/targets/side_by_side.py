"""Cases of a module's tests that are played side by side, since each of them mostly waits."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


def asked_for(request):
    """The cases of the module that are asked for, each once."""
    items = (item for item in request.session.items if item.module is request.module)
    calls = (getattr(item, "callspec", None) for item in items)
    return list(dict.fromkeys(call.params["case"] for call in calls if call and "case" in call.params))


@contextmanager
def played(cases, play, most):
    """What is to come of each case, so many at a time."""
    pool = ThreadPoolExecutor(most)
    try:
        yield {case: pool.submit(play, case) for case in cases}
    finally:
        pool.shutdown(cancel_futures=True)
