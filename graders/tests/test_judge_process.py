"""The judge as a process: what it writes and imports, and how it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import Bench


def test_nothing_beside_the_grader_is_written_or_read(alone: Bench) -> None:
    alone.test.parent.mkdir(parents=True)
    (alone.test.parent / "conftest.py").write_text("raise SystemExit(9)")
    (alone.test.parent.parent / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n")
    assert alone.judge("def test_it(): assert 1 == 1")["outcome"] == "passed"
    assert not [path for path in alone.folder.rglob("__pycache__") if "submission" not in path.parts]


def test_a_closed_socket_ends_the_judge(alone: Bench) -> None:
    assert alone.supervisor.close() == 0


def test_a_frame_out_of_order_ends_the_judge(alone: Bench) -> None:
    alone.supervisor.send("A", {"ok": True})
    assert alone.supervisor.process.wait(20) == 3


def test_an_interrupt_ends_the_judge(alone: Bench) -> None:
    alone.load("import time\ndef test_it(): time.sleep(20)")
    alone.supervisor.send("R", {"checks": ["it"], "seed": 1})
    time.sleep(0.3)
    alone.supervisor.process.send_signal(signal.SIGINT)
    assert alone.supervisor.process.wait(20) == 130


def test_a_grader_that_imports_pytest_does_not_bring_all_of_it(alone: Bench) -> None:
    grader = """
    import sys, pytest
    @pytest.fixture
    def one(): return 1
    @pytest.mark.parametrize("n", [1])
    def test_it(one, n):
        assert one == pytest.approx(n)
        assert not {"_pytest.pytester", "_pytest.terminal", "asyncio"} & set(sys.modules)
        assert pytest.version_tuple[0] >= 9
        assert "_pytest.terminal" in sys.modules
    """
    assert alone.judge(grader)["outcome"] == "passed"


def test_the_judge_imports_little_of_pytest() -> None:
    code = "from grader import lean; lean.install(); import grader.loop, sys; print([m for m in ('pytest', 'importlib.metadata', 'asyncio', 'unittest', '_pytest.terminal', '_pytest.pytester') if m in sys.modules and not isinstance(sys.modules[m], lean._Late)])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert done.stdout == "[]\n"
