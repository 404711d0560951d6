"""What every test shares."""

pytest_plugins = ["tests.database_plugin", "tests.cast", "tests.at_once", "tests.counts_plugin"]
