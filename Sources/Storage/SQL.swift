import Kernel

/// A value on its way into a statement or out of a row. Instants are microseconds, days are day numbers, booleans 0 and 1.
public enum Value: Hashable, Sendable {
  case null
  case int(Int64)
  case text(String)
  case bytes([UInt8])
}

/// What can stand in an interpolation of `SQL` or be read from a column.
public protocol Bindable: Sendable {
  var value: Value { get }
}

/// One statement and its values. A literal with interpolations binds every value as `$n`; nothing from outside ever becomes text.
///
///     tx.rows("select id from member where account_id = \(account) and id > \(after) order by id limit \(200)")
///
/// Statements on the till's path are written with `SQL(_:_:)`, whose text is a literal built once.
public struct SQL: Sendable {
  private let source: Source
  public let binds: [Value]

  private enum Source: Sendable {
    case literal(StaticString)
    case made(String)
  }

  public var text: String {
    switch source {
    case .literal(let text): String(describing: text)
    case .made(let text): text
    }
  }

  /// Where the text is a literal, a number that no other text has while the program runs: quicker to look up than the text. Nil for
  /// text made at run time.
  public var literal: UInt? {
    guard case .literal(let text) = source, text.hasPointerRepresentation else { return nil }
    return UInt(bitPattern: unsafe text.utf8Start)
  }

  /// Ready text with `$1 … $n` and the values in that order.
  public init(_ text: StaticString, _ binds: any Bindable...) {
    source = .literal(text)
    self.binds = binds.map(\.value)
  }

  /// Ready text, made by our own code, with `$1 … $n` and the values in that order.
  public init(prepared text: String, _ binds: [Value]) {
    self.init(parts: text, binds)
  }

  private init(parts text: String, _ binds: [Value]) {
    source = .made(text)
    self.binds = binds
  }
}

extension SQL: ExpressibleByStringInterpolation {
  public struct StringInterpolation: StringInterpolationProtocol {
    var text = ""
    var binds: [Value] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 3)
      binds.reserveCapacity(interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) { text += literal }

    public mutating func appendInterpolation(_ bindable: some Bindable) {
      binds.append(bindable.value)
      text += "$\(binds.count)"
    }

    public mutating func appendInterpolation(_ bindable: (some Bindable)?) {
      binds.append(bindable?.value ?? .null)
      text += "$\(binds.count)"
    }

    /// `$1, $2, $3` for an `in (…)`. - Precondition: not empty.
    public mutating func appendInterpolation(list: [some Bindable]) {
      precondition(!list.isEmpty, "an empty list matches nothing: do not ask")
      for (index, item) in list.enumerated() {
        if index > 0 { text += ", " }
        appendInterpolation(item)
      }
    }

    /// Text of our own: a table's name, a clause chosen in code. Never anything from outside.
    public mutating func appendInterpolation(raw: String) { text += raw }
  }

  public init(stringLiteral value: String) { self.init(parts: value, []) }
  public init(stringInterpolation value: StringInterpolation) { self.init(parts: value.text, value.binds) }
}

extension Int64: Bindable { @inlinable public var value: Value { .int(self) } }
extension Int: Bindable { @inlinable public var value: Value { .int(Int64(self)) } }
extension Int32: Bindable { @inlinable public var value: Value { .int(Int64(self)) } }
extension Bool: Bindable { @inlinable public var value: Value { .int(self ? 1 : 0) } }
extension String: Bindable { @inlinable public var value: Value { .text(self) } }
extension Array: Bindable where Element == UInt8 { @inlinable public var value: Value { .bytes(self) } }
extension ID: Bindable { @inlinable public var value: Value { .int(raw) } }
extension Money: Bindable { @inlinable public var value: Value { .int(minor) } }
extension Points: Bindable { @inlinable public var value: Value { .int(units) } }
extension Rate: Bindable { @inlinable public var value: Value { .int(ppm) } }
extension Quantity: Bindable { @inlinable public var value: Value { .int(thousandths) } }
extension Instant: Bindable { @inlinable public var value: Value { .int(micros) } }
extension CivilDay: Bindable { @inlinable public var value: Value { .int(Int64(number)) } }
extension Value: Bindable { @inlinable public var value: Value { self } }
extension Optional: Bindable where Wrapped: Bindable { @inlinable public var value: Value { self?.value ?? .null } }
