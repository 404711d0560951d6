"""The tests; their folders mirror cr_app."""
