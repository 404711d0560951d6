"""Who acts: officers, their ranks, roles and units, and how they sign in and out."""
