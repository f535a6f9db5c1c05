import MartletCompiler
import MartletGraph

/// Appends an optimizer's update to a training graph: all gradients in, all new values out.
struct Update {
    /// A parameter with its gradient and what is kept for it.
    struct Item {
        var entry: ParameterUse.Entry
        var weight: Tensor
        var gradient: Tensor
        var names: [String] = []
        var slots: [Tensor] = []
        /// What the slot for accumulated gradients holds after this call.
        var accumulated: Tensor?
        /// What the slot for summed gradients holds after this call.
        var summed: Tensor?
    }

    /// A variable that must exist before the first run.
    typealias Slot = (name: String, value: HostTensor)

    let trace: Trace
    let options: UpdateOptions
    private let optimizer: any Optimizer
    private let rule: any Optimizer
    private let rate: Tensor
    private let momentum: Tensor?
    /// The number of the update, as f32.
    private let count: Tensor
    /// Whether this call updates, `nil` when each one does.
    private let isUpdate: Tensor?

    /// Makes an update.
    ///
    /// - Parameter calls: The number of this call, i64 and 1 for the first.
    init(
        _ trace: Trace, _ optimizer: any Optimizer, rate: Tensor, momentum: Tensor?, calls: Tensor
    ) {
        (self.trace, self.optimizer, rule) = (trace, optimizer, optimizer.rule)
        (options, self.rate, self.momentum) = (optimizer.options, rate, momentum)
        if options.accumulationCount > 1 {
            let updates = calls / options.accumulationCount
            count = updates.cast(to: .float32)
            isUpdate = updates * options.accumulationCount .== calls
        } else {
            count = calls.cast(to: .float32)
            isUpdate = nil
        }
    }

    /// Notes the new values of parameters and slots.
    ///
    /// - Returns: The slots, and the norm of the gradients where clipping measures it.
    func callAsFunction(_ items: [Item]) throws -> (slots: [Slot], norm: Tensor?) {
        try checkGroups(items.map(\.entry.path))
        var (items, slots) = (items, [Slot]())
        for index in items.indices {
            let entry = items[index].entry
            for name in optimizer.slotNames {
                let value = optimizer.firstValue(
                    ofSlot: name, for: entry.parameter, entry.type)
                let variable = "optimizer/\(entry.path)/\(name)"
                slots.append((variable, value))
                items[index].names.append(variable)
                items[index].slots.append(
                    Tensor(trace, trace.builder.variable(variable, value.type)))
            }
            if let isUpdate {
                // The mean of the calls of this update, those to come counted as zero.
                let old = items[index].slots[rule.slotNames.count]
                let sum = old + items[index].gradient / options.accumulationCount
                items[index].gradient = sum
                items[index].accumulated = select(isUpdate, 0, sum)
            }
            if options.isSummingGradients {
                let place = rule.slotNames.count + (options.accumulationCount > 1 ? 1 : 0)
                let sum = items[index].slots[place] + items[index].gradient
                items[index].gradient = sum
                items[index].summed = sum
            }
            if options.isMaximizing { items[index].gradient = -items[index].gradient }
        }
        let raw = items.map(\.gradient)
        let (gradients, norm) = options.clipping?(raw) ?? (raw, nil)
        for (item, gradient) in zip(items, gradients) {
            TraceContext.with({ $0.module = "optimizer/\(item.entry.path)" }) {
                update(item, gradient)
            }
        }
        if let error = trace.error { throw error }
        return (slots, norm)
    }

    private func update(_ item: Item, _ gradient: Tensor) {
        let type = item.weight.dtype
        let group = options.groups.first { $0.contains(item.entry.path) }
        var (rate, count) = (rate.cast(to: type), count.cast(to: type))
        if let factor = group?.rate, factor != 1 { rate = rate * factor.decimal }
        // A number of no update is never used, but must not be 0 for the rules that divide.
        if isUpdate != nil { count = maximum(count, 1) }

        var rule = rule
        if let decay = group?.weightDecay, var decaying = rule as? any WeightDecayOptimizer {
            decaying.weightDecay = decay
            rule = decaying
        }
        let ruleCount = rule.slotNames.count
        var slots = Array(item.slots.prefix(ruleCount))
        let new: Tensor
        if let momentum, let rule = rule as? any MomentumOptimizer {
            new = rule.step(
                item.weight, gradient, slots: &slots, rate: rate,
                momentum: momentum.cast(to: type), count: count)
        } else {
            new = rule.step(item.weight, gradient, slots: &slots, rate: rate, count: count)
        }
        note(item.entry.variable, new, before: item.weight)
        for (index, slot) in slots.enumerated() {
            note(item.names[index], slot, before: item.slots[index])
        }
        if let accumulated = item.accumulated {
            note(item.names[ruleCount], accumulated, before: nil)
        }
        if let summed = item.summed, let value = trace.value(of: summed),
            let name = item.names.first(where: { $0.hasSuffix("/" + UpdateOptions.summedName) })
        {
            trace.assign(name, value)
        }
        if let decay = options.averageDecay, let old = item.slots.last, let name = item.names.last {
            note(name, select(count .== 1, new, Decay(decay).mean(old, new)), before: old)
        }
    }

    /// Assigns a value; where this call does not update, the old one stays.
    private func note(_ name: String, _ new: Tensor, before old: Tensor?) {
        var new = new
        if let isUpdate, let old { new = select(isUpdate, new, old) }
        if let value = trace.value(of: new) { trace.assign(name, value) }
    }

    private func checkGroups(_ paths: [String]) throws {
        for group in options.groups {
            let operation = "grouped(\"\(group.pattern)\")"
            if !paths.contains(where: group.contains) {
                throw ModelError(
                    function: "train", operation: operation,
                    expected: "a pattern that fits the path of a parameter",
                    received: paths.prefix(8).joined(separator: ", "),
                    fix: "a * stands for any characters, also none")
            }
            if group.weightDecay != nil, !(rule is any WeightDecayOptimizer) {
                throw ModelError(
                    function: "train", operation: operation,
                    expected: "a rule with a weight decay", received: "\(type(of: rule))")
            }
        }
    }
}

extension Optimizer {
    /// The first value of a slot; averages begin with the parameter's value.
    func firstValue(
        ofSlot name: String, for parameter: Parameter, _ type: TensorType
    ) -> HostTensor {
        if name == UpdateOptions.averageName, let value = parameter.value { return value }
        return firstValue(ofSlot: name, for: type)
    }
}
