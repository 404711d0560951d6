"""Two tables that benchmarks/prepare.py makes: one row to update for each officer, and rows that are only added."""

from typing import ClassVar

from django.db import models


class Counter(models.Model):
    """What the bare view updates."""

    objects: ClassVar[models.Manager["Counter"]] = models.Manager()

    value = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "benchmark_counter"

    def __str__(self) -> str:
        return self.value


class Happening(models.Model):
    """What the bare view inserts."""

    objects: ClassVar[models.Manager["Happening"]] = models.Manager()

    counter = models.ForeignKey(Counter, models.PROTECT, related_name="+")
    value = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "benchmark_happening"

    def __str__(self) -> str:
        return self.value
