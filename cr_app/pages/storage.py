"""Static files under names that carry their content, imports between modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed and compressed; an `import` in a module leads to the hashed name, so that old and new never mix."""

    support_js_module_import_aggregation = True
