import Kernel

/// One row of an answer, read by position: the statement and its reading stand next to each other in the room's `…SQL.swift`.
/// A column of another kind than asked for is a bug in our statement and traps.
public struct Row: Sendable {
  public let values: [Value]
  @inlinable public init(_ values: [Value]) { self.values = values }

  @inlinable public func int(_ column: Int) -> Int64 {
    guard case .int(let value) = values[column] else { preconditionFailure("column \(column) is not an integer") }
    return value
  }
  @inlinable public func text(_ column: Int) -> String {
    guard case .text(let value) = values[column] else { preconditionFailure("column \(column) is not a text") }
    return value
  }
  @inlinable public func bytes(_ column: Int) -> [UInt8] {
    guard case .bytes(let value) = values[column] else { preconditionFailure("column \(column) is not bytes") }
    return value
  }
  @inlinable public func isNull(_ column: Int) -> Bool { values[column] == .null }
  @inlinable public func bool(_ column: Int) -> Bool { int(column) != 0 }

  @inlinable public func intOrNil(_ column: Int) -> Int64? { isNull(column) ? nil : int(column) }
  @inlinable public func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
  @inlinable public func bytesOrNil(_ column: Int) -> [UInt8]? { isNull(column) ? nil : bytes(column) }

  @inlinable public func id<T: Identified>(_ column: Int, _: T.Type = T.self) -> ID<T> { ID(int(column)) }
  @inlinable public func idOrNil<T: Identified>(_ column: Int, _: T.Type = T.self) -> ID<T>? { intOrNil(column).map { ID($0) } }
  @inlinable public func instant(_ column: Int) -> Instant { Instant(micros: int(column)) }
  @inlinable public func instantOrNil(_ column: Int) -> Instant? { intOrNil(column).map { Instant(micros: $0) } }
  @inlinable public func money(_ column: Int) -> Money { Money(minor: int(column)) }
  @inlinable public func points(_ column: Int) -> Points { Points(units: int(column)) }
  @inlinable public func day(_ column: Int) -> CivilDay { CivilDay(number: Int32(int(column))) }
}
