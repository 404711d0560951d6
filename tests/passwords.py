"""What passwords cost in tests: least, where a test does not ask for what they cost in service."""

from django.contrib.auth.hashers import Argon2PasswordHasher

# What Argon2 takes at least, and what it takes in service.
LEAST_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
COST = {name: getattr(Argon2PasswordHasher, name) for name in LEAST_COST}


def cost_least() -> None:
    """Let this process hash passwords at once; in service each takes a core for a quarter of a second, on purpose."""
    for name, least in LEAST_COST.items():
        setattr(Argon2PasswordHasher, name, least)
