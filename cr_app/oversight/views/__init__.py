"""The supervisors' pages: the trail searched, an officer's activity, its integrity, exports, red flags."""
