"""What keeps a vulnerable person safe: the same answers for the offender and for each victim."""

from django.db import models


class SafeguardAnswers(models.Model):
    """Mental health, the professional responsible, capacity and the appropriate adult of one person."""

    mental_health_concern = models.BooleanField(null=True)
    professional_consulted = models.CharField(max_length=20, null=True)
    professional_name = models.CharField(max_length=200, null=True)
    professional_role = models.CharField(max_length=200, null=True)
    professional_at = models.DateTimeField(null=True)
    professional_advice = models.TextField(null=True)
    capacity_evident = models.BooleanField(null=True)
    capacity_how = models.TextField(null=True)
    appropriate_adult_present = models.BooleanField(null=True)
    appropriate_adult_name = models.CharField(max_length=200, null=True)
    appropriate_adult_relationship = models.CharField(max_length=200, null=True)
    appropriate_adult_contact = models.CharField(max_length=200, null=True)
    appropriate_adult_is = models.CharField(max_length=20, null=True)
    appropriate_adult_from = models.DateTimeField(null=True)
    appropriate_adult_to = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def professional_was_consulted(self) -> bool | None:
        """Tell whether the professional was consulted; that nobody is responsible counts, as policy.md says."""
        if self.professional_consulted is None:
            return None
        return self.professional_consulted != "no"
