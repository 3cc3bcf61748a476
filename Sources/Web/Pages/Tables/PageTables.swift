import Kernel
import Synchronization
import Tables

/// The tables of a page while it is made, so that each can be had as a file: with links under each, for a page to be looked at, or taken
/// as they are, for a file. Nobody's page knows of it: it stands in the task that makes the page.
final class PageTables: Sendable {
  @TaskLocal static var current: PageTables?

  /// The address of the page with its query, without where one is in its lists; nil where the tables are taken.
  private let address: String?
  private let taken = Mutex<[DataTable]>([])

  init(linkedAt address: String?) { self.address = address }

  var all: [DataTable] { taken.withLock { $0 } }

  /// - Returns: which of the page's tables it is.
  func take(_ table: DataTable) -> Int {
    taken.withLock { all in
      all.append(table)
      return all.count - 1
    }
  }

  /// The ways to a table's files; nil where it has none of its own, or others.
  func links(_ table: DataTable, _ place: Int) -> Markup? {
    guard let address, table.files == .its, !table.rows.isEmpty, !table.columns.isEmpty else { return nil }
    let links = TableFile.Format.allCases.map { format -> Markup in
      let order = TableOrder(format: format, label: table.label, place: place)
      let name = format.rawValue.uppercased()
      return """
        <a class="text-link" href="\(address)\(address.contains("?") ? "&" : "?")\(order.query)" download>\(name)<span class="sr">: \(table.label)</span></a>
        """
    }
    return "<span class=\"row\">\(Icon.download.small)\(links)</span>"
  }
}

/// One table of a page, asked for as a file in the page's query.
struct TableOrder: Sendable {
  static let fields: Set = ["download", "table", "at"]
  /// Where one is in lists: a file has all of them.
  static let places: Set = ["before", "after", "page"]

  let format: TableFile.Format
  /// Of the table, and where on the page it stood.
  let label: String
  let place: Int

  init(format: TableFile.Format, label: String, place: Int) { (self.format, self.label, self.place) = (format, label, place) }

  /// Nil where a page is asked for as a page.
  init?(_ query: [String: String]) {
    guard let format = query["download"].flatMap(TableFile.Format.init(rawValue:)) else { return nil }
    self.init(format: format, label: query["table"] ?? "", place: query["at"].flatMap { Int($0) } ?? -1)
  }

  var query: String { "download=\(format.rawValue)&table=\(queryText(label))&at=\(place)" }

  /// Which of a page's tables is meant; nil where none is. A page that changed meanwhile has it elsewhere, and one whose name has a day in it
  /// is called otherwise in a file.
  func place(in tables: [DataTable]) -> Int? {
    func isMeant(_ table: DataTable) -> Bool { table.label == label && table.files == .its }
    if tables.indices.contains(place), isMeant(tables[place]) { return place }
    if let other = tables.firstIndex(where: isMeant) { return other }
    return tables.indices.contains(place) && tables[place].files == .its ? place : nil
  }

  /// The page's own query.
  static func page(_ query: [String: String]) -> [String: String] {
    query.filter { !fields.contains($0.key) && !places.contains($0.key) }
  }

  static func address(_ path: String, _ query: [String: String]) -> String {
    let parts = page(query).sorted { $0.key < $1.key }.map { "\(queryText($0.key))=\(queryText($0.value))" }
    return path + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
  }
}
