"""What is done to a case: each action is one transaction, one lock through the door, one move, one entry in the trail."""
