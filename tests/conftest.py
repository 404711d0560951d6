"""What every test shares."""

pytest_plugins = ["tests.database_plugin", "tests.cast", "tests.counts_plugin"]
