import Conditions
import Kernel

/// Writes rules as JSON in one canonical form, which `RuleReader` reads back as the same value: ids as codes, defaults of a promotion
/// left out, lists of codes in the order of their ids.
public struct RuleWriter {
  public let names: any Names
  public let amounts: AmountForm

  public init(names: any Names, amounts: AmountForm) {
    self.names = names
    self.amounts = amounts
  }

  /// The code of an id; its own text form where the code is no longer known, so that nothing is left out in silence.
  func code<Of: Identified>(_ kind: NameKind, _ id: ID<Of>) -> String { names.code(kind, id.raw) ?? id.description }

  package func codes<Of: Identified>(_ kind: NameKind, _ ids: IDList<Of>) -> JSON { .array(ids.map { .string(code(kind, $0)) }) }

  package func words<T: RawRepresentable>(_ values: [T]) -> JSON where T.RawValue == String {
    .array(values.map { .string($0.rawValue) })
  }
}

extension Clock {
  /// `18:00`, with seconds only where there are any.
  var json: JSON { .string(second % 60 == 0 ? String(description.dropLast(3)) : description) }
}

extension CivilDay {
  var json: JSON { .string(description) }
}
