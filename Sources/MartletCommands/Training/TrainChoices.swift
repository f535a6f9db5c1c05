import ArgumentParser
import MartletRecipes
import MartletReport

// Choices of the library under their own names, with what help says about each.

extension RunSettings.Rule: ExpressibleByArgument {}

extension RunSettings.Schedule: ExpressibleByArgument {
    /// What help says about each.
    public static var allValueDescriptions: [String: String] {
        [
            "constant": "not at all",
            "cosine": "falls to 0 along half a cosine wave",
            "one-cycle": "rises, then falls to almost 0",
            "step": "a tenth after each third of the epochs",
        ]
    }
}

extension RunSettings.Range: ExpressibleByArgument {
    /// What help says about each.
    public static var allValueDescriptions: [String: String] {
        [
            "unit": "from 0 to 1",
            "symmetric": "from -1 to 1",
            "standard": "mean 0 and deviation 1 over the training pictures, in each channel",
        ]
    }
}

extension RunSettings.Augmentations: ExpressibleByArgument {
    /// What help says about each.
    public static var allValueDescriptions: [String: String] {
        [
            "none": "not at all",
            "digits":
                "turned and sheared a little, made larger or smaller, shifted by up to 2 pixels",
            "photos": "mirrored half of the time, shifted by up to 4 pixels",
        ]
    }
}

extension RunSettings.Accumulation: ExpressibleByArgument {
    /// What help says about each.
    public static var allValueDescriptions: [String: String] {
        [
            "step": "in every step, as usual",
            "epoch": "once an epoch; each step goes along the sum so far",
        ]
    }
}

extension ProgressMode: ExpressibleByArgument {
    /// What help says about each.
    public static var allValueDescriptions: [String: String] {
        [
            "auto": "a live line in a terminal, lines elsewhere",
            "bar": "a live line everywhere",
            "lines": "whole lines only",
            "none": "nothing",
            "json": "one JSON object a line",
        ]
    }
}

extension ProgressStyle: ExpressibleByArgument {
    /// What help says about each.
    public static var allValueDescriptions: [String: String] {
        [
            "bar": "Martlet's own: a bar with rate and time left, a line for each epoch",
            "keras": "1875/1875 [====] - 17s 9ms/step - loss: 0.1390",
            "torch": "Train Epoch: 1 [0/60000 (0%)], then Test set: …",
            "paddle": "epoch: 0, batch: 200, loss is: 9.1",
            "tqdm": "a bar over the pictures, then the summed loss of the epoch",
            "accuracy": "epoch 0 accuracy: 0.9552, and nothing else",
        ]
    }
}
