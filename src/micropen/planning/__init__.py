"""Planning: who should be treated, how deep and how often, and when."""
