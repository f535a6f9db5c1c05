import MartletFormats

extension Dataset {
    /// Reads every picture once, with all processors, and reports what is worth a look.
    ///
    /// - Parameter others: further parts of the same set; pictures that stand in two parts make a
    ///   result look better than it is.
    public func check(with others: [Dataset] = []) -> DataReport {
        let sets = [self] + others
        var report = DataReport()
        report.classNames = classNames
        report.names = sets.map(\.name)
        report.classCounts = sets.map(\.classCounts)
        var groups: [PixelHash: [(set: Int, index: Int)]] = [:]
        for (number, data) in sets.enumerated() {
            report.count += data.count
            for (index, facts) in data.facts().enumerated() {
                switch facts {
                case .failure(let damage):
                    report.damaged.append(data.finding(index, damage.reason))
                case .success(let facts):
                    groups[facts.hash, default: []].append((number, index))
                    data.judge(index, facts, &report)
                }
            }
        }
        let repeated = groups.values.filter { $0.count > 1 }
            .sorted { ($0[0].set, $0[0].index) < ($1[0].set, $1[0].index) }
        for group in repeated {
            let findings = group.map { sets[$0.set].finding($0.index, "equal pixels") }
            if Set(group.map(\.set)).count > 1 {
                report.shared.append(findings)
            } else {
                report.duplicates.append(findings)
            }
        }
        return report
    }

    /// The number of pictures of each class.
    public var classCounts: [Int] {
        var counts = [Int](repeating: 0, count: classNames.count)
        for label in labels { counts[Int(label)] += 1 }
        return counts
    }

    private struct Damage: Error { var reason: String }

    private func facts() -> [Result<PictureFacts, Damage>] {
        inParallel(count) { range in
            range.map { index in
                do {
                    return .success(try source.facts(of: records[index]))
                } catch let error as FormatError {
                    return .failure(Damage(reason: "\(error.found), expected \(error.expected)"))
                } catch {
                    return .failure(Damage(reason: "\(error)"))
                }
            }
        }
    }

    private func judge(_ index: Int, _ facts: PictureFacts, _ report: inout DataReport) {
        if facts.isConstant { report.constant.append(finding(index, "all pixels are equal")) }
        guard let (width, height) = facts.size else { return }
        let text = "\(width) x \(height)"
        if 4 * width < imageShape[2] || 4 * height < imageShape[1] {
            report.tiny.append(finding(index, text))
        }
        if width * height > 16_000_000 { report.huge.append(finding(index, text)) }
    }

    private func finding(_ index: Int, _ reason: String) -> DataReport.Finding {
        DataReport.Finding(data: name, index: index, origin: origin(of: index), reason: reason)
    }
}
