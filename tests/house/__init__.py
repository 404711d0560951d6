"""The house itself: contracts, sizes, docs in step."""
