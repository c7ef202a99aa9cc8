"""Judges the tests of day6/plugins: green with right plugin systems, red with faulty ones."""

from grader import Learner
from grader.own_tests import OwnTests, changed, sample

RIGHT = sample(__file__, "right_plain", "plugins/__init__.py")
IN_MODULES = {
    name: sample(__file__, "right_modules", f"plugins/{file}.py")
    for name, file in (
        ("plugins", "__init__"),
        ("plugins.builtin", "builtin"),
        ("plugins.contract", "contract"),
        ("plugins.manager", "manager"),
    )
}
ORDERED = "        placed, waiting = [], list(self._plugins)\n"

TESTS = OwnTests(
    ["test_plugins.py"],
    modules={"plugins": "plugins/__init__.py"},
    right=[RIGHT, IN_MODULES],
    faults={
        "white_space_that_stays": {
            "white space inside stays": changed(RIGHT, ('" ".join(data.split())', "data.strip()")),
        },
        "a_validator_that_wants_values": {
            "a key whose value is false counts as missing": changed(
                RIGHT, ("if key not in data]", "if not data.get(key)]")
            )
        },
        "messages_in_common": {
            "all NotificationPlugins have one list `sent`": changed(
                RIGHT,
                ("class NotificationPlugin(Plugin):\n", "class NotificationPlugin(Plugin):\n    sent = []\n\n"),
                ("        self.sent = []\n", ""),
            )
        },
        "names_given_twice": {
            "a second plugin takes the place of the first": changed(RIGHT, ("if plugin.name in known:", "if False:"))
        },
        "what_is_no_plugin": {
            "register accepts anything": changed(
                RIGHT,
                ('if not (hasattr(plugin, "name") and hasattr(plugin, "version")):', "if False:"),
                ('if not callable(getattr(plugin, "execute", None)):', "if False:"),
                ("if plugin.name in known:", 'if getattr(plugin, "name", str(plugin)) in known:'),
                (
                    "        self._plugins[plugin.name] = plugin",
                    '        self._plugins[getattr(plugin, "name", str(plugin))] = plugin',
                ),
                ("found[plugin.name] = plugin", 'found[getattr(plugin, "name", str(plugin))] = plugin'),
            )
        },
        "an_alphabetical_order": {
            "names are in alphabetical order": changed(
                RIGHT,
                ("return list(self._plugins)\n", "return sorted(self._plugins)\n"),
                (ORDERED, ORDERED.replace("list(self._plugins)", "sorted(self._plugins)")),
            )
        },
        "ignored_requirements": {
            "the order is that of registration": changed(
                RIGHT,
                ("            placed.append(name)\n            waiting.remove(name)\n", "            return waiting\n"),
            )
        },
        "a_missing_dependency": {
            "a required plugin that isn't there is no error": changed(
                RIGHT,
                ("                if needed not in self._plugins:\n", "                if False:\n"),
                ("all(needed in placed for", "all(needed in placed or needed not in self._plugins for"),
            )
        },
        "an_undetected_cycle": {
            "plugins of a circle are left out": changed(
                RIGHT,
                (
                    "                raise DependencyCycle",
                    "                return placed\n                raise DependencyCycle",
                ),
            )
        },
        "data_that_is_not_handed_on": {
            "every plugin gets the first data": changed(
                RIGHT,
                (
                    "            data = self._plugins[name].execute(data)\n        return data",
                    "            last = self._plugins[name].execute(data)\n        return last",
                ),
            )
        },
        "errors_while_loading": {
            "a file that can't be loaded is passed over": changed(
                RIGHT,
                ('                raise PluginError(f"{path.name}: {error}") from error', "                continue"),
            )
        },
    },
)


def test_tests_pass_on_your_code(learner: Learner) -> None:
    TESTS.pass_on_own_code(learner)


def test_tests_pass_on_other_right_code(learner: Learner) -> None:
    TESTS.pass_on_right_code(learner)


def test_tests_notice_white_space_that_stays(learner: Learner) -> None:
    TESTS.notice(learner, "white_space_that_stays")


def test_tests_notice_a_validator_that_wants_values(learner: Learner) -> None:
    TESTS.notice(learner, "a_validator_that_wants_values")


def test_tests_notice_messages_in_common(learner: Learner) -> None:
    TESTS.notice(learner, "messages_in_common")


def test_tests_notice_names_given_twice(learner: Learner) -> None:
    TESTS.notice(learner, "names_given_twice")


def test_tests_notice_what_is_no_plugin(learner: Learner) -> None:
    TESTS.notice(learner, "what_is_no_plugin")


def test_tests_notice_an_alphabetical_order(learner: Learner) -> None:
    TESTS.notice(learner, "an_alphabetical_order")


def test_tests_notice_ignored_requirements(learner: Learner) -> None:
    TESTS.notice(learner, "ignored_requirements")


def test_tests_notice_a_missing_dependency(learner: Learner) -> None:
    TESTS.notice(learner, "a_missing_dependency")


def test_tests_notice_an_undetected_cycle(learner: Learner) -> None:
    TESTS.notice(learner, "an_undetected_cycle")


def test_tests_notice_data_that_is_not_handed_on(learner: Learner) -> None:
    TESTS.notice(learner, "data_that_is_not_handed_on")


def test_tests_notice_errors_while_loading(learner: Learner) -> None:
    TESTS.notice(learner, "errors_while_loading")
