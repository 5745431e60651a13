"""What pytest reads first; who only hands out the tests to workers needs no station."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("numprocesses", None):
        config.pluginmanager.import_plugin("tests.fixtures")
