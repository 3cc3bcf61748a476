import Calculator
import Kernel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The processes that lived a year one after another, and what the year is made of, in the folder of the tills' journals.
struct Lives: Sendable {
  /// How many began before this one.
  let earlier: Int
  private let path: String

  /// Makes the folder where there is none and writes down, once, what an auditor must know of the chain.
  /// - Throws: `FileTrouble`; `Problem` `other_year` where the folder belongs to another year.
  init(folder: String, of chain: SimulatedChain) throws {
    if FileFacts(folder) == nil { guard unsafe mkdir(folder, 0o700) == 0 else { throw FileTrouble(folder, errno: errno) } }
    path = folder + "/lives"
    let (chainPath, text) = (folder + "/chain.json", chain.note.pretty + "\n")
    if FileFacts(chainPath) == nil {
      try Self.append(text, to: chainPath)
    } else {
      let known = String(decoding: try readFile(chainPath, atMost: 1 << 20), as: UTF8.self)
      guard known == text else {
        throw Problem(.conflict, "other_year", "\(chainPath) tells of another seed or other options; name another folder")
      }
    }
    earlier = FileFacts(path) == nil ? 0 : try readFile(path, atMost: 1 << 26).count { $0 == UInt8(ascii: "\n") }
  }

  func begin(_ moment: Fate.Moment) throws { try Self.append("\(moment)\n", to: path) }

  private static func append(_ text: String, to path: String) throws {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileTrouble(path, errno: errno) }
    defer { close(file) }
    try writeAll(text, to: file, named: path)
  }
}

extension SimulatedChain {
  /// What an auditor must know besides the database and the tills' journals.
  var note: JSON {
    .object([
      "seed": .int(size.seed), "days": .int(Int64(size.days)), "tills": .int(Int64(size.tills)),
      "members": .int(Int64(size.members)),
      "visits": .int(Int64(size.visits)),
      "start": .int(Self.start.micros), "end": .int((Self.start + .days(Int64(size.days) + 3)).micros),
      "spendValue": .int(points.spendValue.minor), "negative": .string(points.negative.rawValue),
      "refund": .string(terms.money.rawValue), "takesLostBenefit": .bool(terms.takesLostBenefit),
      "stores": .array(
        stores.map { store in
          .object([
            "id": .int(store.id.raw), "offset": .int(Int64(store.zone.initial)), "dayStart": .int(Int64(store.dayStart.second)),
          ])
        }),
      "limits": .array((books.first?.promotions ?? []).compactMap(\.note)),
      "card": .object(books[0].terms.stampCards.map { JSON.Member($0.code, .int($0.tally.raw)) }),
      "game": SimulatedGround.note,
      "earning": .object([
        "whenPointsPay": .string(books[0].terms.earning.whenPointsPay.rawValue),
        "status": books[0].terms.earning.status.map(\.note),
        "onCertificates": .bool(!books[0].terms.earning.tendersWithoutEarning.contains(.giftCard)),
        "percent": .array(books.map { .int(ChainRules.percent($0.version)) }),
        "storeCards": .array((1...size.members).filter { kind($0) == .storeCard }.map { .int(member($0).raw) }),
        "goods": .array(
          goods.map { goods in
            [
              .int(goods.facts.id.raw), .int(goods.facts.categories[0].raw), .bool(goods.facts.flags.contains(.earnForbidden)),
            ]
          }),
      ]),
    ])
  }
}

extension Promotion {
  /// Its limits; nil where it has none that outlive a receipt.
  fileprivate var note: JSON? {
    guard limits.countsAll || limits.countsMember else { return nil }
    let sizes = LimitScope.allCases.flatMap { scope in
      let most = limits[scope]
      return [
        (scope.usesName, most.uses), (scope.moneyName, most.money?.minor), (scope.pointsName, most.points?.units),
      ]
    }
    return .object(
      [JSON.Member("promotion", .int(id.raw))] + sizes.compactMap { name, size in size.map { JSON.Member(name, .int($0)) } })
  }
}

extension StatusEarning {
  fileprivate var note: JSON {
    switch self {
    case .asEarned: "as-earned"
    case .perStep(let points, let step): .object(["points": .int(points.units), "step": .int(step.minor)])
    }
  }
}
