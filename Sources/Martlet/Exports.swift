// The values that the user's code names: Dataset, BatchOptions, HostTensor, TensorType, Engine.
@_exported import MartletCompiler
@_exported import MartletData
@_exported import MartletGraph
