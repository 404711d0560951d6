"""What supervisors do with the trail: search it, check it, export it, and look into what stands out."""
