"""Entry of the judge process: `python -S -s -P -B judge.py --site DIR [--pycache DIR]`, the socket as descriptor 3.

Ends with 0 when the supervisor closes the socket, 3 when the supervisor breaks the protocol or goes in the middle of
it, 130 when interrupted.
"""

import os
import sys

DESCRIPTOR = 3


def _options(arguments: list[str]) -> dict[str, str]:
    """`--name value` pairs."""
    return dict(zip(arguments[::2], arguments[1::2], strict=True))


def _cache(folder: str | None) -> None:
    """Where compiled files are looked for and kept: graders (rewritten by pytest) and this package in `folder`, never
    beside their source;
    pytest in its environment, where it has been compiled when that was built.
    """
    sys.pycache_prefix = folder
    sys.dont_write_bytecode = folder is None


def main() -> int:
    """Sets up paths, imports pytest leanly, and serves."""
    options = _options(sys.argv[1:])
    graders = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    # `-S` has left both out, and with them the `.pth` files of the environment.
    sys.path[:0] = [graders, options["--site"]]
    # What a grader prints is for its author, and standard output is not the judge's.
    sys.stdout = sys.stderr
    # Only what is named in grader/loader.py is a plugin here.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_PLUGINS", None)
    _cache(options.get("--pycache"))
    from grader import lean

    lean.install()
    if os.path.isdir(os.path.join(options["--site"], "_pytest", "__pycache__")):
        _cache(None)
    import _pytest.config
    import _pytest.python  # noqa: F401

    _cache(options.get("--pycache"))
    from grader.channel import Channel
    from grader.errors import ChannelError
    from grader.loop import Judge

    try:
        Judge(Channel(DESCRIPTOR)).serve()
    except KeyboardInterrupt:
        return 130
    except ChannelError as error:
        print(f"judge: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # Nothing is left to be torn down that matters, and a warm judge has a lot of it.
    os._exit(code)
