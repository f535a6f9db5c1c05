import ArgumentParser
import MartletData

// Choices of the library that can be written on the command line under their own names.
extension Split: ExpressibleByArgument {}
extension PicturePreparation.Fit: ExpressibleByArgument {}
