"""The pages of one case, and of finding one."""
