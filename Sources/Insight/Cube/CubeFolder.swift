import Cube
import Foundation
import Kernel
import Loyalty

/// Where the cube of one programme lies: rolls, and one page that says which of them belong together and what their codes are.
///
/// The page is renamed into its place after everything it names is on disk, so that a stop at any moment leaves the cube before or the cube
/// after. Whoever writes holds the folder's lock; readers need none.
public struct CubeFolder: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// The page.
  public struct Contents: Sendable {
    public internal(set) var rolls: [String] = []
    public internal(set) var codes = CubeCodes()
    /// Business days that receipts are of, counted from 1 January 1970.
    public internal(set) var days: Range<Int> = 0..<0
    /// Which life of the database it was made from, and the last event that is in it.
    public internal(set) var epoch: Int64 = 0
    public internal(set) var position: Int64 = 0
    /// The account's version up to which changed costs are in it, and where stores were priced then.
    public internal(set) var costs: Int64 = 0
    var zones: [Int64: Int64] = [:]
    /// How many receipts of before had been taken in.
    public internal(set) var past: Int64 = 0
    public internal(set) var madeAt: Instant
    /// Sales and returns.
    public internal(set) var documents = 0
    public internal(set) var lines = 0

    init(madeAt: Instant) { self.madeAt = madeAt }
  }

  private var page: String { path + "/cube.json" }

  /// Tells whether the page is another than before.
  var mark: String? {
    guard let facts = try? FileManager.default.attributesOfItem(atPath: page) else { return nil }
    return "\(facts[.systemFileNumber] ?? 0) \(facts[.modificationDate] ?? 0)"
  }

  /// Nil where there is no cube yet, or one of an earlier version of this program: it is made anew then. - Throws: `CubeFailure`.
  public func contents() throws(CubeFailure) -> Contents? {
    guard let data = FileManager.default.contents(atPath: page) else { return nil }
    let json: JSON
    do { json = try JSON.parse([UInt8](data)) } catch { throw CubeFailure.damaged("cube.json is no JSON") }
    if let version = json["version"], case .int(let number) = version, number < Contents.version { return nil }
    return try Contents(json)
  }

  /// Makes this the cube, and removes rolls that it does not name. Readers that have them open keep them.
  func put(_ contents: Contents) throws {
    let bytes = Array(contents.json.compact.utf8)
    try unsafe MappedFile.write(bytes.count, to: page) { place in unsafe place.copyBytes(from: bytes) }
    for name in try FileManager.default.contentsOfDirectory(atPath: path)
    where name.hasPrefix("roll-") && !contents.rolls.contains(name) || name.hasPrefix("run-") {
      try FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }

  func make() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  func roll(_ name: String) throws -> Roll { try Roll(MappedFile(reading: path + "/" + name)) }

  /// Every roll of the contents; cost does not grow with them.
  func rolls(of contents: Contents) throws -> [Roll] { try contents.rolls.map(roll) }

  /// Reads every byte and compares checksums. - Throws: `RollFailure`, `CubeFailure`.
  public func verify() throws {
    guard let contents = try contents() else { throw CubeFailure.none(path) }
    for roll in try rolls(of: contents) { try roll.verify() }
  }

  /// Every roll of the cube that is here. - Throws: `CubeFailure.none` where there is none.
  public func open() throws -> [Roll] {
    guard let contents = try contents() else { throw CubeFailure.none(path) }
    return try rolls(of: contents)
  }

  /// Makes a cube of receipts that do not come from a database, for measurements.
  /// - Returns: its lines.
  public func fill(with receipts: (_ take: (CubeReceipt) throws -> Void) throws -> Void) async throws -> Int {
    try await writing {
      let runs = CubeRuns(in: self)
      try receipts { try runs.take($0) }
      let contents = try runs.finish(into: Contents(madeAt: Instant(micros: 0)))
      try put(contents)
      return contents.lines
    }
  }

  /// Runs the body as the only writer.
  /// - Throws: `CubeFailure.busy` while another process or task is one.
  func writing<R>(_ body: () async throws -> R) async throws -> R {
    try make()
    let lock = try FolderLock(path + "/lock")
    defer { lock.release() }
    return try await body()
  }
}

extension CubeFolder.Contents {
  /// Another for every making.
  var stamp: String { "\(madeAt.micros)" }

  static let version: Int64 = 3

  var json: JSON {
    .object([
      "version": .int(Self.version), "rolls": .array(rolls.map(JSON.string)), "madeAt": .int(madeAt.micros), "epoch": .int(epoch),
      "position": .int(position), "costs": .int(costs), "past": .int(past),
      "zones": .array(zones.sorted { $0.key < $1.key }.map { .array([.int($0.key), .int($0.value)]) }),
      "days": .array([.int(Int64(days.lowerBound)), .int(Int64(days.upperBound))]),
      "documents": .int(Int64(documents)), "lines": .int(Int64(lines)), "stores": .array(codes.stores.map(JSON.int)),
      "registers": .array(codes.registers.map { .array([.int(Int64($0.store)), .string($0.name)]) }),
      "products": .array(codes.products.map(JSON.int)), "tiers": .array(codes.tiers.map(JSON.int)),
      "units": .array(codes.units.sorted { $0.key < $1.key }.map { .array([.int($0.key), .string($0.value.rawValue)]) }),
      "occasions": .array(codes.occasions.map(\.json)),
      "deals": .array(codes.deals.map { .array($0.map(JSON.int)) }),
    ])
  }

  init(_ json: JSON) throws(CubeFailure) {
    let page = ContentsReader(json)
    guard try page.int("version") == Self.version else { throw .damaged("cube.json is of another version of this program") }
    self.init(madeAt: Instant(micros: try page.int("madeAt")))
    rolls = try page.list("rolls").map { item throws(CubeFailure) in
      guard case .string(let name) = item, name.hasPrefix("roll-"), !name.contains("/") else {
        throw .damaged("cube.json names a roll that is none")
      }
      return name
    }
    let registers = try page.list("registers").map { item throws(CubeFailure) in
      guard case .array(let pair) = item, pair.count == 2, case .int(let store) = pair[0], case .string(let name) = pair[1] else {
        throw .damaged("registers of cube.json are pairs of a store's code and a name")
      }
      return CubeCodes.Register(store: UInt32(clamping: store), name: name)
    }
    codes = CubeCodes(
      stores: try page.ints("stores"), registers: registers, products: try page.ints("products"), tiers: try page.ints("tiers"),
      occasions: try page.list("occasions").map(CubeCodes.Occasion.init),
      deals: try page.list("deals").map { item throws(CubeFailure) in try ContentsReader.ints(item, "deals") },
      units: try page.units())
    let span = try page.ints("days")
    guard span.count == 2, span[0] <= span[1] else { throw .damaged("days of cube.json are the first and the one behind the last") }
    days = Int(span[0])..<Int(span[1])
    (epoch, position, costs) = (try page.int("epoch"), try page.int("position"), try page.int("costs"))
    past = try page.int("past")
    let zones = try page.list("zones").map { item throws(CubeFailure) in try ContentsReader.ints(item, "zones") }
    guard zones.allSatisfy({ $0.count == 2 }) else { throw .damaged("zones of cube.json are pairs of a store and its price zone") }
    self.zones = Dictionary(zones.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
    (documents, lines) = (Int(try page.int("documents")), Int(try page.int("lines")))
  }
}

private struct ContentsReader {
  let json: JSON
  init(_ json: JSON) { self.json = json }

  func list(_ key: String) throws(CubeFailure) -> [JSON] {
    guard case .array(let items)? = json[key] else { throw .damaged("cube.json has no \(key)") }
    return items
  }

  func ints(_ key: String) throws(CubeFailure) -> [Int64] { try Self.ints(.array(list(key)), key) }

  static func ints(_ json: JSON, _ key: String) throws(CubeFailure) -> [Int64] {
    guard case .array(let items) = json else { throw .damaged("\(key) of cube.json is a list of lists") }
    return try items.map { item throws(CubeFailure) in
      guard case .int(let value) = item else { throw .damaged("\(key) of cube.json are whole numbers") }
      return value
    }
  }

  func units() throws(CubeFailure) -> [Int64: UnitOfMeasure] {
    var units: [Int64: UnitOfMeasure] = [:]
    for item in try list("units") {
      guard case .array(let pair) = item, pair.count == 2, case .int(let product) = pair[0], case .string(let word) = pair[1],
        let unit = UnitOfMeasure(rawValue: word)
      else { throw .damaged("units of cube.json are pairs of a product and its unit") }
      units[product] = unit
    }
    return units
  }

  func int(_ key: String) throws(CubeFailure) -> Int64 {
    guard case .int(let value)? = json[key] else { throw .damaged("cube.json has no \(key)") }
    return value
  }
}

extension CubeCodes.Occasion {
  fileprivate var json: JSON {
    .array([.string(channel), .array(tenders.map(JSON.string)), .array(coupons.map(JSON.string))])
  }

  fileprivate init(_ json: JSON) throws(CubeFailure) {
    guard case .array(let parts) = json, parts.count == 3, case .string(let channel) = parts[0], let tenders = Self.words(parts[1]),
      let coupons = Self.words(parts[2])
    else { throw .damaged("occasions of cube.json are a channel, tenders and coupons") }
    self.init(channel: channel, tenders: tenders, coupons: coupons)
  }

  private static func words(_ json: JSON) -> [String]? {
    guard case .array(let items) = json else { return nil }
    var words: [String] = []
    for item in items {
      guard case .string(let word) = item else { return nil }
      words.append(word)
    }
    return words
  }
}
