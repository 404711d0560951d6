"""Forms: signing in, duty and absences, officers and units."""
