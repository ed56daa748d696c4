"""Everything stored, in this process's memory, for the local stack: gone when it ends."""
