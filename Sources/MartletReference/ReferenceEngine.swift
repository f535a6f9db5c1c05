// The reference engine.
