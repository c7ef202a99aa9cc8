"""What grade asks a Python interpreter about itself; run once with `-I -S -c`, and its answer is cached.

It must be readable by every Python 3.4 and later, so that one that is too old can still say its version.
"""
import importlib.machinery
import importlib.util
import json
import os
import sys
import sysconfig


def _libc():
    try:
        return os.confstr("CS_GNU_LIBC_VERSION")  # "glibc 2.36"
    except (AttributeError, OSError, ValueError):
        return "musl" if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "") else None


def _shared_library():
    folder = sysconfig.get_config_var("LIBDIR") or ""
    for variable in ("INSTSONAME", "LDLIBRARY"):
        name = sysconfig.get_config_var(variable) or ""
        path = os.path.join(folder, name)
        if ".so" in name and os.path.isfile(path):
            return path
    return None


def _package_folders():
    paths = sysconfig.get_paths()
    # Debian keeps its own packages in a folder that only its `site` module knows.
    return sorted({paths["purelib"], paths["platlib"], os.path.join(os.path.dirname(paths["stdlib"]), "python3", "dist-packages")})


def _dynload():
    found = [entry for entry in sys.path if os.path.basename(entry) == "lib-dynload"]
    declared = sysconfig.get_config_var("DESTSHARED")
    if declared and declared not in found:
        found.append(declared)
    return [entry for entry in found if os.path.isdir(entry)]


def _facts():
    paths = sysconfig.get_paths()
    return {
        "executable": getattr(sys, "_base_executable", None) or sys.executable,
        "version": list(sys.version_info[:3]),
        "implementation": sys.implementation.name,
        "cache_tag": sys.implementation.cache_tag,
        "magic": "".join("%02x" % byte for byte in importlib.util.MAGIC_NUMBER),
        "base_prefix": sys.base_prefix,
        "base_exec_prefix": sys.base_exec_prefix,
        "stdlib": paths["stdlib"],
        "platstdlib": paths["platstdlib"],
        "dynload": _dynload(),
        "shared_library": _shared_library(),
        "platform_tag": sysconfig.get_platform(),
        "extension_suffix": importlib.machinery.EXTENSION_SUFFIXES[0],
        "libc": _libc(),
        "package_folders": _package_folders(),
        "has_ctypes": importlib.util.find_spec("_ctypes") is not None,
        "has_venv": importlib.util.find_spec("venv") is not None,
        "has_pip": any(os.path.isdir(os.path.join(folder, "pip")) for folder in _package_folders()),
        "has_ensurepip": importlib.util.find_spec("ensurepip") is not None,
        "gil_enabled": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }


print("grade-interpreter " + json.dumps(_facts()))
