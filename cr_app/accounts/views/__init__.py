"""Pages: signing in and out, duty and absences, officers and units."""
