import Conditions
import Customers
import Kernel
import Tables

/// The account's own fields as columns of a file: those that whoever takes it may see, with values by their names.
enum FieldColumns {
  static func heads(_ fields: FieldCatalogue, _ visit: Visit) -> [TableFile.Column] {
    fields.fields.filter(visit.sees).map { TableFile.Column("attribute:" + $0.code, visit.reader($0.name), .text) }
  }

  /// Several values stand with semicolons between, as an import reads them.
  static func texts(of member: Member, _ fields: FieldCatalogue, _ visit: Visit) -> [String] {
    let words = FieldWords(reader: visit.reader, fields: fields)
    let attributes = member.person?.attributes ?? Attributes()
    return fields.fields.filter(visit.sees).map { field in
      switch attributes[field.code] {
      case nil: ""
      case .number(let number)?: "\(number)"
      case .day(let day)?: "\(day)"
      case .list(let codes)?: codes.map { visit.reader(fields.name($0, of: field)) }.joined(separator: "; ")
      case let value?: words.value(value, of: field.code)
      }
    }
  }
}
