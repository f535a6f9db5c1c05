// Data.
