import Kernel

/// Ids of one kind, sorted and without repetition, so that a list of a hundred thousand products is searched in seventeen steps.
public struct IDList<Of: Identified>: Hashable, Sendable, ExpressibleByArrayLiteral, Sequence {
  /// Plain integers: a search need not know what they are ids of.
  public let raws: [Int64]

  @inlinable public init(_ ids: some Sequence<ID<Of>>) {
    var sorted = ids.map(\.raw).sorted()
    var kept = 0
    for index in sorted.indices where index == 0 || sorted[index] != sorted[kept - 1] {
      sorted[kept] = sorted[index]
      kept += 1
    }
    sorted.removeLast(sorted.count - kept)
    raws = sorted
  }

  @inlinable public init(arrayLiteral elements: ID<Of>...) { self.init(elements) }

  @inlinable public var count: Int { raws.count }
  @inlinable public var ids: [ID<Of>] { raws.map { ID($0) } }
  @inlinable public func makeIterator() -> IndexingIterator<[ID<Of>]> { ids.makeIterator() }
  @inlinable public func contains(_ id: ID<Of>) -> Bool { sortedContains(raws, id.raw) }
}

/// True where the ascending list has the value. A short list is walked, a long one halved.
@inlinable public func sortedContains(_ list: [Int64], _ value: Int64) -> Bool {
  if list.count <= 8 {
    for known in list where known == value { return true }
    return false
  }
  var low = 0
  var high = list.count
  while low < high {
    let middle = (low + high) / 2
    if list[middle] < value { low = middle + 1 } else { high = middle }
  }
  return low < list.count && list[low] == value
}
