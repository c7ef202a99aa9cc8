"""Judges concurrency/race: what threads do to a counter whose reading and writing let them meet, or wait.

No check depends on how fast the machine is or how its threads happen to be scheduled. Where threads have to meet, they
wait for each other inside of the counter; where they must not meet, one of them waits in there for another to come.
They wait in naps, and a busy machine makes each nap longer.
"""

from grader import Clock, helper, probe

# Naps until something that has to happen is taken for something that never will.
LONG = 400
# Naps in which a thread that nothing holds back has come for certain.
SHORT = 20


@helper
def nap():
    """Lets the other threads run for a moment, in real time whatever `time.sleep` does."""
    import select

    select.select((), (), (), 0.003)


@helper
def patiently(beats, condition, naps):
    """Waits for a condition; gives whether it holds in the end. `beats` grows meanwhile: a sign of life."""
    for _ in range(naps):
        if condition():
            return True
        beats.append("nap")
        nap()
    return condition()


@helper
def watched(beats, function, *args):
    """Calls the function in a thread of its own. Gives ("returned", result), ("raised", exception), or ("stuck", None)
    when there is no sign of life any more.
    """
    import threading

    outcome = []

    def call():
        try:
            outcome.append(("returned", function(*args)))
        except BaseException as error:
            outcome.append(("raised", error))

    threading.Thread(target=call, daemon=True).start()
    quiet = seen = 0
    while not outcome and quiet < 2 * LONG:
        nap()
        quiet = quiet + 1 if len(beats) == seen else 0
        seen = len(beats)
    return outcome[0] if outcome else ("stuck", None)


@helper
def result_of(beats, function, *args):
    """What the function returns; raises what it raises."""
    how, value = watched(beats, function, *args)
    if how == "raised":
        raise value
    return value if how == "returned" else "it never came back"


@helper
def let_them_end(beats, counter):
    """Waits for threads that the learner's function has not waited for: that is one check's business alone."""
    patiently(beats, lambda: not counter.workers(), 10 * SHORT)


@helper
def counter_of(start, reading, writing):
    """A counter that calls `reading` after its value was read and `writing` before it is written, in threads that are
    started from now on by the thread that counts. `workers()` gives those that run, the first started first.
    """
    import threading

    # The thread that runs the learner's function is the next one to be started.
    before = set(threading.enumerate())
    callers = []

    def workers():
        return [each for each in threading.enumerate() if each not in before and each not in callers]

    class Counter:
        def __init__(self):
            self.kept = start
            self.workers = workers

        @property
        def value(self):
            value = self.kept
            if threading.current_thread() not in callers:
                reading()
            return value

        @value.setter
        def value(self, value):
            if threading.current_thread() not in callers:
                writing()
            self.kept = value

    def called_by(function):
        """The function, noting who calls it."""

        def call(*args):
            callers.append(threading.current_thread())
            return function(*args)

        return call

    counter = Counter()
    return counter, called_by


# --- counting --------------------------------------------------------------------------------------------------------


@helper
def counted(function, start, times):
    beats = []

    def reading():
        """Takes its time at first, for the sake of those who don't wait for their thread."""
        if "read" not in beats:
            patiently(beats, lambda: False, SHORT // 2)
        beats.append("read")

    counter, called_by = counter_of(start, reading, lambda: beats.append("write"))
    returned = result_of(beats, called_by(function), counter, 1, times)
    return {"returned": returned, "counter.value": counter.kept}


@probe
def unsafe_alone(race, start, times):
    """counter.value = {start}; unsafe_count(counter, 1, {times})"""
    return counted(race.unsafe_count, start, times)


@probe
def safe_alone(race, start, times):
    """counter.value = {start}; safe_count(counter, 1, {times})"""
    return counted(race.safe_count, start, times)


@helper
def on_one_processor(call):
    """What the call gives on a machine where a pool that isn't told how many threads to have has five of them."""
    import os

    usual = {name: vars(os)[name] for name in ("cpu_count", "process_cpu_count") if name in vars(os)}
    vars(os).update(dict.fromkeys(usual, lambda: 1))
    try:
        return call()
    finally:
        vars(os).update(usual)


@helper
def shares(function, threads, times):
    """How many threads there were at the same time, and what they did."""
    events, most = [], [0]

    def reading():
        if not most[0]:
            patiently(events, lambda: most[0] >= threads or len(counter.workers()) >= threads, LONG)
        most[0] = max(most[0], len(counter.workers()))
        events.append("read")

    counter, called_by = counter_of(0, reading, lambda: events.append("write"))
    returned = on_one_processor(lambda: result_of(events, called_by(function), counter, threads, times))
    let_them_end(events, counter)
    if isinstance(returned, str):
        return returned
    return {"threads at the same time": most[0], "reads": events.count("read"), "writes": events.count("write")}


@probe
def unsafe_shares(race, threads, times):
    """unsafe_count(counter, {threads}, {times}): what the threads that it has started do"""
    return shares(race.unsafe_count, threads, times)


@probe
def safe_shares(race, threads, times):
    """safe_count(counter, {threads}, {times}): what the threads that it has started do"""
    return shares(race.safe_count, threads, times)


def test_one_thread_counts_right(learner, rng):
    for alone in (unsafe_alone, safe_alone):
        start, times = rng.randint(-500, 500), rng.randint(2, 40)
        seen = learner.run(alone, start, times)
        assert seen == {"returned": start + times, "counter.value": start + times}


def test_each_thread_makes_its_updates(learner, rng):
    for shared in (unsafe_shares, safe_shares):
        threads, times = rng.randint(6, 8), rng.randint(2, 9)
        seen = learner.run(shared, threads, times)
        updates = threads * times
        assert seen == {"threads at the same time": threads, "reads": updates, "writes": updates}


# --- the race --------------------------------------------------------------------------------------------------------


@probe
def meet_in_unsafe_count(race, threads):
    """unsafe_count(counter, {threads}, 1), where reading takes until all {threads} threads have read"""
    beats, arrived = [], []

    def reading():
        arrived.append("read")
        # When one has waited in vain, the others needn't.
        if "gone" not in arrived and not patiently(beats, lambda: arrived.count("read") >= threads, LONG):
            arrived.append("gone")

    counter, called_by = counter_of(0, reading, lambda: beats.append("write"))
    result_of(beats, called_by(race.unsafe_count), counter, threads, 1)
    let_them_end(beats, counter)
    return {"counter.value afterwards": counter.kept}


@probe
def meet_in_safe_count(race, threads, times):
    """safe_count(counter, {threads}, {times}), where each step of an update waits a moment for other threads"""
    import sys
    import threading

    beats, inside, most, waits = [], set(), [0], []

    def wait():
        """At the first few occasions: that must do."""
        most[0] = max(most[0], len(inside))
        if len(waits) < 6 and most[0] < 2:
            waits.append(None)
            patiently(beats, lambda: len(counter.workers()) >= threads, 2 * SHORT)
            patiently(beats, lambda: len(inside) > 1, SHORT)
            most[0] = max(most[0], len(inside))

    def at_each_line(frame, event, _):
        """Waits at the learner's lines between reading and writing, where a lock may have been given back."""
        if frame.f_code.co_filename != race.__file__:
            return None
        if event == "line":
            wait()
        return at_each_line

    def reading():
        inside.add(threading.get_ident())
        wait()
        if len(waits) < 6 and most[0] < 2:
            frame = sys._getframe()
            while frame is not None:
                frame.f_trace = at_each_line
                frame = frame.f_back
            sys.settrace(at_each_line)

    def writing():
        sys.settrace(None)
        wait()
        inside.discard(threading.get_ident())
        beats.append("write")

    counter, called_by = counter_of(0, reading, writing)
    result_of(beats, called_by(race.safe_count), counter, threads, times)
    let_them_end(beats, counter)
    return {"threads between reading and writing at the same time": most[0], "counter.value afterwards": counter.kept}


@probe
def hurry_safe_count(race, threads, times):
    """sys.setswitchinterval(1e-6); safe_count(counter, {threads}, {times})"""
    import sys

    beats = []
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        counter, called_by = counter_of(0, lambda: None, lambda: beats.append("write"))
        result_of(beats, called_by(race.safe_count), counter, threads, times)
        let_them_end(beats, counter)
    finally:
        sys.setswitchinterval(usual)
    return {"counter.value afterwards": counter.kept}


def test_unsafe_count_loses_updates(learner, rng):
    threads = rng.randint(2, 5)
    seen = learner.run(meet_in_unsafe_count, threads)
    assert seen == {"counter.value afterwards": 1}, "all threads should have read 0, and each of them then written 1"


def test_safe_count_loses_nothing(learner, rng):
    threads, times = rng.randint(2, 4), rng.randint(3, 6)
    # Under a clock of the check's own: sleeping keeps nobody apart.
    seen = learner.run(meet_in_safe_count, threads, times, clock_=Clock())
    alone = seen["threads between reading and writing at the same time"] == 1
    assert alone, "while one thread was between its reading and its writing, another thread read the same value"
    assert {"counter.value afterwards": seen["counter.value afterwards"]} == {
        "counter.value afterwards": threads * times
    }
    for _ in range(3):
        threads, times = rng.randint(3, 5), rng.randint(150, 250)
        seen = learner.run(hurry_safe_count, threads, times)
        assert seen == {"counter.value afterwards": threads * times}


# --- the end ---------------------------------------------------------------------------------------------------------


@probe
def hold_one_of_unsafe_count(race, threads, times, held):
    """unsafe_count(counter, {threads}, {times}), where one of the threads takes longer than the others"""
    import threading

    writes, arrived, choosing = [], set(), threading.Lock()
    state = {"returned": False, "early": False}

    def reading():
        if threading.current_thread() in arrived or "slow" in state:
            return
        arrived.add(threading.current_thread())
        patiently(writes, lambda: len(arrived) >= threads or "slow" in state, LONG)
        with choosing:
            if "slow" not in state:
                # Threads that don't meet are another check's business; then nobody is held.
                state["slow"] = counter.workers()[held] if len(arrived) >= threads else None

    def writing():
        if state["slow"] is threading.current_thread() and "held" not in state:
            state["held"] = True
            patiently(writes, lambda: writes.count("write") >= (threads - 1) * times, LONG)
            state["early"] = patiently(writes, lambda: state["returned"], SHORT)
        writes.append("write")

    def count(*args):
        race.unsafe_count(*args)
        state["returned"] = True

    counter, called_by = counter_of(0, reading, writing)
    result_of(writes, called_by(count), counter, threads, times)
    let_them_end(writes, counter)
    return {"came back before all threads had ended": state["early"]}


@probe
def hold_safe_count(race, threads, times):
    """safe_count(counter, {threads}, {times}), where the first update takes some time"""
    writes, state = [], {"returned": False}

    def writing():
        if "early" not in state:
            state["early"] = False
            state["early"] = patiently(writes, lambda: state["returned"], SHORT)
        writes.append("write")

    def count(*args):
        race.safe_count(*args)
        state["returned"] = True

    counter, called_by = counter_of(0, lambda: None, writing)
    result_of(writes, called_by(count), counter, threads, times)
    let_them_end(writes, counter)
    return {"came back before all threads had ended": state.get("early", False)}


@helper
def failing_counter(beats, when, error):
    """A counter of which the first reading, or the first writing, raises."""
    failed = []

    def fail(at):
        if at == when and not failed:
            failed.append(at)
            patiently(beats, lambda: False, SHORT // 2)
            raise error
        beats.append(at)

    return counter_of(0, lambda: fail("reading"), lambda: fail("writing"))


@probe
def one_fails(race, threads, times, when):
    """safe_count(counter, {threads}, {times}), where one update raises an exception when {when}"""
    beats = []
    counter, called_by = failing_counter(beats, when, OSError("this update fails"))
    how, _ = watched(beats, called_by(race.safe_count), counter, threads, times)
    if how != "stuck":
        let_them_end(beats, counter)
    return {"it came back": how != "stuck", "updates that were made": beats.count("writing")}


@probe
def it_fails(race, when, message):
    """safe_count(counter, 1, 3), where an update raises OSError({message}) when {when}"""
    beats = []
    counter, called_by = failing_counter(beats, when, OSError(message))
    how, value = watched(beats, called_by(race.safe_count), counter, 1, 3)
    return f"{how} {value!r}"


def test_they_return_when_all_have_ended(learner, rng):
    threads, times = rng.randint(2, 4), rng.randint(2, 5)
    for held in (0, threads - 1):
        seen = learner.run(hold_one_of_unsafe_count, threads, times, held)
        assert seen == {"came back before all threads had ended": False}
    seen = learner.run(hold_safe_count, threads, times)
    assert seen == {"came back before all threads had ended": False}


def test_a_failed_update_blocks_nobody(learner, rng):
    for when in ("reading", "writing"):
        threads, times = rng.randint(2, 4), rng.randint(2, 5)
        seen = learner.run(one_fails, threads, times, when)
        came_back = seen.pop("it came back")
        assert came_back, "safe_count never came back: its threads wait, and nothing happens any more"
        assert seen == {"updates that were made": (threads - 1) * times}


def test_a_failed_update_is_told(learner, rng):
    for when in ("reading", "writing"):
        message = f"number {rng.randrange(10_000)}"
        assert learner.run(it_fails, when, message) == f"raised OSError({message!r})"
