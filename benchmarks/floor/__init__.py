"""The least that a Django view does to save something: what the service is measured against."""
