// The values that the user's code names: HostTensor, TensorType, DataType, Engine.
@_exported import MartletCompiler
@_exported import MartletGraph
