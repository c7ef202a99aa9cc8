"""A plugin system. See the README for what each part must do."""


class PluginError(Exception):
    """Something is wrong with a plugin."""


class MissingDependency(PluginError):
    """A plugin requires one that isn't there."""


class DependencyCycle(PluginError):
    """Plugins require each other in a circle."""


class PluginConfig:
    """What a plugin is called and how it is set up. Make it a dataclass."""

    def __init__(self, name, version="1.0", requires=(), options=None):
        raise NotImplementedError


class Plugin:
    """What all plugins have in common. Make it abstract."""

    def __init__(self, config):
        raise NotImplementedError

    def execute(self, data):
        """Do the work. Make it abstract."""
        raise NotImplementedError


class TextProcessorPlugin(Plugin):
    """Tidies up white space."""


class DataValidatorPlugin(Plugin):
    """Finds required keys that are missing."""


class NotificationPlugin(Plugin):
    """Keeps the messages it was given."""


class PluginManager:
    """Keeps plugins, finds them, and runs them in order."""

    def register(self, plugin):
        """Keep a plugin."""
        raise NotImplementedError

    def get(self, name):
        """The plugin of that name."""
        raise NotImplementedError

    def names(self):
        """All names, as they were registered."""
        raise NotImplementedError

    def discover(self, folder):
        """Load and register the plugins of a folder; their names."""
        raise NotImplementedError

    def order(self):
        """All names, each behind those it requires."""
        raise NotImplementedError

    def run(self, data):
        """Execute all plugins in order."""
        raise NotImplementedError
