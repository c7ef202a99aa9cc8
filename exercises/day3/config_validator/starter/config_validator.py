"""Reads configurations and says everything that is wrong with them. See the README."""


class ConfigError(Exception):
    """Something is wrong with a configuration. The other exceptions have yet to come."""


def validate(data, schema):
    """A list of all errors in the data; empty when they fit the schema."""
    raise NotImplementedError


def load_config(path, schema):
    """The data of a JSON or YAML file that fits the schema."""
    raise NotImplementedError
