"""What the demo's FOI desk finds: a history of closed cases, and a request in each state it can be in."""
