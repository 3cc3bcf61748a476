import Kernel

/// Ids of one kind, sorted and without repetition, so that a list of a hundred thousand products is searched in seventeen steps.
public struct IDList<Of: Identified>: Hashable, Sendable, ExpressibleByArrayLiteral, Sequence {
  public let ids: [ID<Of>]

  public init(_ ids: some Sequence<ID<Of>>) {
    var sorted = ids.sorted()
    var kept = 0
    for index in sorted.indices where index == 0 || sorted[index] != sorted[kept - 1] {
      sorted[kept] = sorted[index]
      kept += 1
    }
    sorted.removeLast(sorted.count - kept)
    self.ids = sorted
  }

  public init(arrayLiteral elements: ID<Of>...) { self.init(elements) }

  public var count: Int { ids.count }
  public func makeIterator() -> IndexingIterator<[ID<Of>]> { ids.makeIterator() }

  public func contains(_ id: ID<Of>) -> Bool {
    if ids.count <= 8 {
      for known in ids where known == id { return true }
      return false
    }
    var low = 0
    var high = ids.count
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < ids.count && ids[low] == id
  }
}
