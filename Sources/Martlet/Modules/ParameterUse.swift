/// Placeholder to be replaced.
struct ParameterUse {}
