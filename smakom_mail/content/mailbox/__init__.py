"""Reading mail that came in: bounded in time and memory, whatever anybody has sent."""
