import CKernels

extension Program {
    /// The same program with products that feed one addition each computed with it in one pass.
    ///
    /// What a product is subtracted from must not be a product itself: a·b − c·d has to be zero where
    /// both are equal, which one rounding less on one side would spoil.
    func contracted() -> Program {
        guard registerClass == .float32 else { return self }
        var uses = [Int](repeating: 0, count: 256)
        for instruction in instructions {
            for register in instruction.operands { uses[Int(register)] += 1 }
        }
        for register in outputRegisters { uses[Int(register)] += 1 }
        var products: [UInt8: ck_instruction] = [:]
        var removed: Set<UInt8> = []
        var result: [ck_instruction] = []
        for instruction in instructions {
            let (a, b) = (instruction.a, instruction.b)
            func product(_ register: UInt8) -> ck_instruction? {
                uses[Int(register)] == 1 ? products[register] : nil
            }
            switch Int(instruction.operation) {
            case Int(CK_MULTIPLY):
                products[instruction.target] = instruction
                result.append(instruction)
            case Int(CK_ADD):
                if let found = product(b) {
                    removed.insert(b)
                    result.append(fused(Int(CK_MULTIPLY_ADD), instruction.target, found, a))
                } else if let found = product(a) {
                    removed.insert(a)
                    result.append(fused(Int(CK_MULTIPLY_ADD), instruction.target, found, b))
                } else {
                    result.append(instruction)
                }
            case Int(CK_SUBTRACT):
                if let found = product(b), products[a] == nil {
                    removed.insert(b)
                    result.append(fused(Int(CK_SUBTRACT_PRODUCT), instruction.target, found, a))
                } else {
                    result.append(instruction)
                }
            default: result.append(instruction)
            }
        }
        guard !removed.isEmpty else { return self }
        var program = self
        program.instructions = result.filter { !removed.contains($0.target) }
        return program
    }

    /// A product with what follows; a single number goes second, where the kernels keep it in a
    /// machine register.
    private func fused(
        _ operation: Int, _ target: UInt8, _ product: ck_instruction, _ c: UInt8
    ) -> ck_instruction {
        let isSwapped = isScalar(product.a) && !isScalar(product.b)
        return ck_instruction(
            operation: UInt8(operation), target: target, a: isSwapped ? product.b : product.a,
            b: isSwapped ? product.a : product.b, c: c)
    }

    private func isScalar(_ register: UInt8) -> Bool {
        let number = Int(register)
        if number < inputs.count { return inputs[number].strides.allSatisfy { $0 == 0 } }
        return number < inputs.count + constants.count
    }
}

extension ck_instruction {
    /// The registers that the operation reads.
    fileprivate var operands: [UInt8] {
        switch Int(operation) {
        case Int(CK_SELECT), Int(CK_MULTIPLY_ADD), Int(CK_SUBTRACT_PRODUCT): [a, b, c]
        case Int(CK_ADD)...Int(CK_GREATER_OR_EQUAL): [a, b]
        default: [a]
        }
    }
}
