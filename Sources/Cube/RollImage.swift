/// A roll that is about to be written: how long it is, and its bytes.
public struct RollImage: Sendable {
  private let builder: RollBuilder
  private let members: [(id: Int64, first: UInt32)]
  private let layout: RollLayout

  init(_ builder: RollBuilder) {
    self.builder = builder
    var members: [(id: Int64, first: UInt32)] = []
    for (index, receipt) in builder.receipts.enumerated() where members.last?.id != receipt.member {
      members.append((receipt.member, UInt32(index)))
    }
    self.members = members
    var widths = Dictionary(uniqueKeysWithValues: zip(RollColumn.sums, builder.sums.map(\.width)))
    widths[.deals] = builder.deals.isEmpty ? 0 : 4
    layout = RollLayout(
      members: members.count, receipts: builder.receipts.count, lines: builder.products.count, isAnonymous: builder.isAnonymous,
      widths: widths)
  }

  /// Bytes.
  public var size: Int { layout.size }

  /// - Precondition: `bytes` are `size` long and eight-byte aligned.
  public func write(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = unsafe RollWriter(layout, bytes)
    writeMembers(&writer)
    writeReceipts(&writer)
    writeLines(&writer)
    writer.seal()
  }

  private func writeMembers(_ writer: inout RollWriter) {
    writer.fill(.member, as: Int64.self) { members[$0].id }
    writer.fill(.firstReceipt, as: UInt32.self) { $0 < members.count ? members[$0].first : UInt32(builder.receipts.count) }
  }

  private func writeReceipts(_ writer: inout RollWriter) {
    let receipts = builder.receipts
    writer.fill(.receipt, as: Int64.self) { receipts[$0].id }
    var line: UInt32 = 0
    writer.fill(.firstLine, as: UInt32.self) { index in
      defer { if index < receipts.count { line += receipts[index].endLine - receipts[index].firstLine } }
      return line
    }
    writer.fill(.day, as: UInt16.self) { receipts[$0].day }
    writer.fill(.minute, as: UInt16.self) { receipts[$0].minute }
    writer.fill(.store, as: UInt32.self) { receipts[$0].store }
    writer.fill(.register, as: UInt32.self) { receipts[$0].register }
    writer.fill(.tier, as: UInt8.self) { receipts[$0].tier }
    writer.fill(.flags, as: UInt8.self) { receipts[$0].flags.rawValue }
    writer.fill(.occasion, as: UInt32.self) { receipts[$0].occasion }
  }

  private func writeLines(_ writer: inout RollWriter) {
    var order: [UInt32] = []
    order.reserveCapacity(builder.products.count)
    for receipt in builder.receipts { order.append(contentsOf: receipt.firstLine..<receipt.endLine) }
    writer.fill(.product, as: UInt32.self) { builder.products[Int(order[$0])] }
    if layout.width(.deals) > 0 { writer.fill(.deals, as: UInt32.self) { builder.deals[Int(order[$0])] } }
    for (column, sums) in zip(RollColumn.sums, builder.sums) {
      switch layout.width(column) {
      case 4: writer.fill(column, as: Int32.self) { Int32(sums[Int(order[$0])]) }
      case 8: writer.fill(column, as: Int64.self) { sums[Int(order[$0])] }
      default: break
      }
    }
  }
}

/// Where the columns of a roll lie.
struct RollLayout: Sendable {
  let members: Int
  let receipts: Int
  let lines: Int
  let isAnonymous: Bool
  let size: Int
  let places: [(column: RollColumn, width: Int, offset: Int, count: Int)]

  /// - Parameter widths: of the columns of sums; 0 leaves one out.
  init(members: Int, receipts: Int, lines: Int, isAnonymous: Bool, widths: [RollColumn: Int]) {
    (self.members, self.receipts, self.lines, self.isAnonymous) = (members, receipts, lines, isAnonymous)
    let columns = RollColumn.allCases.compactMap { column -> (RollColumn, Int)? in
      let width = column.fixedWidth ?? widths[column] ?? 0
      return width == 0 ? nil : (column, width)
    }
    var at = RollHead.size(columns: columns.count)
    var places: [(column: RollColumn, width: Int, offset: Int, count: Int)] = []
    for (column, width) in columns {
      let count =
        switch column.grain {
        case .member: members + (column == .firstReceipt ? 1 : 0)
        case .receipt: receipts + (column == .firstLine ? 1 : 0)
        case .line: lines
        }
      places.append((column, width, at, count))
      at += (count * width + 7) / 8 * 8
    }
    (self.places, size) = (places, at)
  }

  func width(_ column: RollColumn) -> Int { places.first { $0.column == column }?.width ?? 0 }
}

/// Writes the columns of one roll, and its head when they are all there.
@safe struct RollWriter {
  let layout: RollLayout
  private let bytes: UnsafeMutableRawBufferPointer

  init(_ layout: RollLayout, _ bytes: UnsafeMutableRawBufferPointer) {
    precondition(bytes.count == layout.size)
    self.layout = layout
    unsafe self.bytes = bytes
  }

  /// A column for writing; empty where the roll has none.
  func column<Value: BitwiseCopyable>(_ column: RollColumn, as type: Value.Type) -> UnsafeMutableBufferPointer<Value> {
    guard let place = layout.places.first(where: { $0.column == column }) else {
      return unsafe UnsafeMutableBufferPointer(start: nil, count: 0)
    }
    precondition(place.width == MemoryLayout<Value>.size)
    let part = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[place.offset..<place.offset + place.count * place.width])
    return unsafe part.assumingMemoryBound(to: type)
  }

  func fill<Value: BitwiseCopyable>(_ column: RollColumn, as type: Value.Type, _ value: (Int) -> Value) {
    let values = unsafe self.column(column, as: type)
    for index in values.indices { unsafe values[index] = value(index) }
  }

  /// Writes the head. What is between columns is zero already or becomes so.
  func seal() {
    var entries: [RollHead.Entry] = []
    for place in layout.places {
      let end = place.offset + place.count * place.width
      for at in end..<(end + 7) / 8 * 8 { unsafe bytes[at] = 0 }
      let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[place.offset..<end])
      let checksum = unsafe RollHead.checksum(part)
      entries.append(
        RollHead.Entry(
          column: place.column, width: place.width, offset: place.offset, bytes: end - place.offset, checksum: checksum))
    }
    let head = RollHead(
      members: layout.members, receipts: layout.receipts, lines: layout.lines, isAnonymous: layout.isAnonymous, entries: entries)
    for (index, word) in head.words.enumerated() { unsafe bytes.storeBytes(of: word, toByteOffset: index * 8, as: UInt64.self) }
  }
}
