extension Array {
    /// The elements in order, in groups of a size; the last may be smaller.
    func batches(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: Swift.max(size, 1)).map {
            Array(self[$0..<Swift.min($0 + size, count)])
        }
    }
}
