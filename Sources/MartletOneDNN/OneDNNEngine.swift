// Lowering to oneDNN.
