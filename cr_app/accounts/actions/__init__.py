"""What is done to officers' accounts, units, duty and absences, each in one transaction with its entry in the trail."""
