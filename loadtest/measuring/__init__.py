"""What loadtest/bench is made of."""
