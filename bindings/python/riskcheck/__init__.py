"""Pre-trade and real-time risk in this process."""
