/// How much of a run is shown while it goes on, the value of `--progress`.
public enum ProgressMode: String, Sendable, CaseIterable {
    /// A live line on a terminal, lines elsewhere.
    case auto
    /// A live line, also where no terminal was found; only `TERM=dumb` turns it into lines.
    case bar
    /// Whole lines only: no carriage return, no escape sequence.
    case lines
    /// Nothing.
    case none
    /// One JSON object a line, for programs.
    case json
}

/// Which words and numbers are shown while a run goes on.
public enum ProgressStyle: String, Sendable, CaseIterable {
    /// Martlet's own: a bar with rate and time left, one line for each epoch.
    case bar
    /// The form of Keras in TensorFlow 2: `1875/1875 [====] - 17s 9ms/step - loss: 0.1390`.
    case keras
    /// The form of PyTorch's example: `Train Epoch: 1 [0/60000 (0%)]`, then `Test set: …`.
    case torch
    /// The form of PaddlePaddle's course: `epoch: 0, batch: 200, loss is: 9.1`.
    case paddle
    /// The bar of tqdm over the examples, then the epoch's summed loss.
    case tqdm
    /// Only `epoch 0 accuracy: 0.9552`, counted from 0.
    case accuracy
}
