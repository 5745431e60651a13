"""What pytest reads first; who only hands out the tests to workers needs no station."""

import gc

import pytest


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("numprocesses", None):
        gc.disable()
        config.pluginmanager.import_plugin("tests.fixtures")
        gc.enable()
