import MartletCompiler
import MartletData
import MartletGraph

extension Trainer {
    /// Measures each step of the plan that trains on batches like this one.
    ///
    /// The plan runs, so the model is trained on the batch `runs` + 1 times.
    public func profile(_ batch: Batch, runs: Int) throws -> PlanProfile {
        latest = nil
        try step(batch)
        return try plan(for: batch).profile(runs: runs)
    }

    /// Measures each step of the plan that predicts batches like this one.
    public func profilePrediction(_ batch: Batch, runs: Int) throws -> PlanProfile {
        try predict(batch)
        return try predictionStep().profile([batch.imageType], runs: runs)
    }

    /// Predicts a batch and leaves the results where they are, for measurements.
    package func predict(_ batch: Batch) throws {
        try predictionStep().run([batch.imageType]) { _, target in
            try batch.writeImages(to: target)
        } reading: { _, _ in
        }
    }
}
