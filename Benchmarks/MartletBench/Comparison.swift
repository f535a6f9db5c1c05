import Foundation
import Martlet
import MartletRecipes

/// The sides' times on one workload.
struct Comparison {
    /// One framework's turns.
    struct Side {
        var name: String
        /// Milliseconds a step or a batch, one number per turn.
        var turns: [Double]
        /// The largest relative difference of its losses or outputs from ours, `nil` for our own.
        var difference: Double?

        var median: Double { PlanProfile.median(turns) }
        var minimum: Double { turns.min() ?? 0 }
    }

    var title: String
    var kind: String
    var batch: Int
    var compileTime: Double?
    /// 10^9 floating-point operations of a step's convolutions and products.
    var flops: Double?
    /// The part of the measured peak that our side reaches.
    var utilisation: Double?
    var ours: Side
    var peers: [Side]

    /// How many times as fast as a peer we are: the median over the rounds of both sides' ratio.
    func ratio(_ peer: Side) -> Double {
        PlanProfile.median(zip(peer.turns, ours.turns).map { $0 / $1 })
    }

    /// Training steps, fed from bytes in memory.
    static func training(
        _ workload: Workload, _ peers: [Peer], _ plan: TurnPlan, _ machine: Machine
    ) throws -> Comparison {
        let examples = Examples(workload)
        let ours = try OurSide(workload, examples)
        let folder = try WorkloadFolder(workload, examples, ours.weights)
        let flops = try ours.profile(runs: 1).flops
        let losses = try ours.losses(workload.comparedSteps)
        var sides: [(peer: Peer, side: Side)] = []
        for peer in peers {
            try peer.open(folder)
            guard let theirs = try peer.ask("losses \(workload.comparedSteps)") else { continue }
            let side = Side(
                name: peer.name, turns: [], difference: largestDifference(losses, theirs))
            sides.append((peer, side))
        }
        var mine = Side(name: "Martlet (\(ours.engine))", turns: [])
        // The first turn of each side warms up and does not count.
        for round in 0...plan.rounds(of: workload) {
            let seconds = round == 0 ? plan.seconds / 2 : plan.seconds
            let time = try ours.train(seconds)
            if round > 0 { mine.turns.append(time) }
            for index in sides.indices {
                let time = try sides[index].peer.time("train \(seconds)")
                if round > 0, let time { sides[index].side.turns.append(time) }
            }
        }
        return Comparison(
            title: workload.name, kind: "training", batch: workload.batch,
            compileTime: ours.compileTime, flops: flops / 1e9,
            utilisation: flops / (mine.median / 1000) / (machine.arithmetic * 1e9), ours: mine,
            peers: sides.map(\.side))
    }

    /// Predictions of batches, logits out.
    static func prediction(
        _ workload: Workload, _ batch: Int, _ peers: [Peer], _ plan: TurnPlan
    ) throws -> Comparison {
        let examples = Examples(workload)
        let ours = try OurSide(workload, examples)
        let folder = try WorkloadFolder(workload, examples, ours.weights)
        let outputs = try ours.logits(batch)
        var sides: [(peer: Peer, side: Side)] = []
        for peer in peers {
            try peer.open(folder)
            guard let theirs = try peer.ask("logits \(batch)") else { continue }
            let side = Side(
                name: peer.name, turns: [], difference: largestDifference(outputs, theirs))
            sides.append((peer, side))
        }
        var mine = Side(name: "Martlet (\(ours.engine))", turns: [])
        for round in 0...plan.rounds {
            let seconds = plan.seconds / 4
            let time = try ours.predict(batch, seconds)
            if round > 0 { mine.turns.append(time) }
            for index in sides.indices {
                let time = try sides[index].peer.time("predict \(batch) \(seconds)")
                if round > 0, let time { sides[index].side.turns.append(time) }
            }
        }
        return Comparison(
            title: workload.name, kind: "prediction", batch: batch, ours: mine,
            peers: sides.map(\.side))
    }

    /// The largest difference, by the largest number of both lists.
    private static func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
        guard a.count == b.count else { return .infinity }
        let scale = (a + b).map(abs).max() ?? 0
        return zip(a, b).map { abs($0 - $1) }.max().map { $0 / max(scale, 1e-12) } ?? 0
    }

    /// For people.
    var lines: String {
        var text = "\(title), \(kind), batch \(batch)"
        if let flops, let utilisation {
            text += String(
                format: ", %.3f GFLOP a step, %.0f %% of the peak", flops, 100 * utilisation)
        }
        if let compileTime { text += String(format: ", compiled in %.0f ms", compileTime) }
        text += "\n" + Self.line(ours, ratio: nil)
        for peer in peers { text += "\n" + Self.line(peer, ratio: ratio(peer)) }
        return text
    }

    private static func line(_ side: Side, ratio: Double?) -> String {
        var text = "  " + side.name.padding(toLength: 22, withPad: " ", startingAt: 0)
        text += String(format: "%10.4f ms (least %.4f)", side.median, side.minimum)
        if let ratio { text += String(format: "  ours is %6.2f times as fast", ratio) }
        if let difference = side.difference {
            text += String(format: ", differs by %.1e", difference)
        }
        return text
    }
}

extension TurnPlan {
    /// Fewer turns where a step takes longer than a turn.
    func rounds(of workload: Workload) -> Int { workload.isLong ? min(rounds, 2) : rounds }
}
