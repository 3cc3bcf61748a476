import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// What the whole console knows under a text: pages, members, receipts, promotions, products, stores.
struct Findings: Sendable {
  enum Kind: String, Sendable { case pages, members, receipts, promotions, products, stores }

  /// One thing that was found, as the visitor may see it.
  struct Item: Sendable {
    let icon: Icon
    let title: String
    var note = ""
    let path: String
  }

  struct Group: Sendable {
    let kind: Kind
    let items: [Item]
  }

  /// Items of one group; of pages there are only some.
  static let most = 6

  let asked: String
  let groups: [Group]

  init(asked: String, _ groups: [(Kind, [Item])]) {
    self.asked = asked
    self.groups = groups.filter { !$0.1.isEmpty }.map { kind, items in
      Group(kind: kind, items: kind == .pages ? items : Array(items.prefix(Self.most)))
    }
  }
}

extension ConsoleDesk {
  var findDoors: [Door] {
    [
      .page(FindPage.path, nil, find),
      .page(FindPage.path + ".json", nil, findForPalette),
    ]
  }

  func find(_ visit: Visit) async throws -> Answer {
    visit.show(FindPage(findings: try await findings(visit), reader: visit.reader).page, in: nil)
  }

  func findForPalette(_ visit: Visit) async throws -> Answer {
    Answer(200, FindPage(findings: try await findings(visit), reader: visit.reader).json)
  }

  /// Pages, promotions, stores and the names of goods are in memory; members and receipts are found by key, as tills find them: at most
  /// eight statements.
  private func findings(_ visit: Visit) async throws -> Findings {
    let asked = String(Form(visit.call.query)["q"].prefix(FindPage.longest))
    let memory = Searched(text: asked, visit: visit)
    guard !asked.isEmpty else { return Findings(asked: asked, [(.pages, memory.pages)]) }
    var (members, receipts): ([Findings.Item], [Findings.Item]) = ([], [])
    if visit.may(.seeMembers), let programme = visit.started {
      let keys = memory.receiptKeys
      let floor = visit.sales
      let found = try await database.read { tx in
        (
          try Self.find(asked, nil, size: Findings.most, programme, in: &tx).members,
          try keys.compactMap { key in try floor?.receipts.known(key, in: &tx) }
        )
      }
      members = found.0.map(memory.item)
      receipts = found.1.map(memory.item)
    }
    return Findings(
      asked: asked,
      [
        (.members, members), (.receipts, receipts), (.pages, memory.pages), (.promotions, memory.promotions),
        (.products, try await products(asked, visit)), (.stores, memory.stores),
      ])
  }

  private func products(_ asked: String, _ visit: Visit) async throws -> [Findings.Item] {
    guard visit.may(.seeFigures), let index = visit.sales?.catalogue else { return [] }
    let codes = index.search(asked, archivedToo: true, limit: Findings.most).codes
    guard !codes.isEmpty else { return [] }
    let account = visit.account.id
    let known = try await database.read { tx in try Catalogue(of: account).products(codes: codes, in: &tx) }
    return codes.compactMap { known[$0] }.map { product in
      Findings.Item(
        icon: .box, title: visit.reader.name(product.details.name), note: product.details.code,
        path: "/console/catalogue/products/\(product.id)")
    }
  }
}

extension Receipts {
  /// Nil where nothing has this key.
  func known(_ key: ReceiptKey, in tx: inout Transaction) throws -> Receipt? {
    do { return try receipt(key, in: &tx) } catch let problem as Problem where problem.code == "receipt_unknown" { return nil }
  }
}

/// A text held against what is in memory, and what it could mean as a key.
struct Searched {
  let text: String
  let visit: Visit

  private var reader: Reader { visit.reader }

  /// Pages that this visitor may open, by their names in both languages.
  var pages: [Findings.Item] {
    let rooms = Room.allCases.filter { visit.may($0.right) }
      .map { room in (both: Self.both { room.name($0) }, Findings.Item(icon: room.icon, title: room.name(reader), path: room.path))
      }
    let others = Self.others.map { page in
      (both: page.ru + " " + page.en, Findings.Item(icon: page.icon, title: reader(page.ru, page.en), path: page.path))
    }
    return (rooms + others).filter { text.isEmpty || Self.has($0.both, text) }.map(\.1)
  }

  private static let others: [(icon: Icon, ru: String, en: String, path: String)] = [
    (.star, "Компоненты страниц", "Components of pages", ConsoleDesk.componentsPath),
    (.person, "Профиль: пароль, второй фактор, язык, вид", "Profile: password, second factor, language, looks", "/console/profile"),
  ]

  private static func both(_ name: (Reader) -> String) -> String {
    Reader.Language.allCases.map { name(Reader(language: $0, zone: .moscow, currency: .rub)) }.joined(separator: " ")
  }

  /// Of the rules that tills have.
  var promotions: [Findings.Item] {
    guard visit.may(.seeFigures), let rules = visit.sales?.rules else { return [] }
    let found = rules.promotions.lazy.filter { promotion in
      [promotion.name.ru, promotion.name.en, promotion.code].contains { Self.has($0, text) }
    }
    return found.prefix(Findings.most).map { promotion in
      Findings.Item(
        icon: .promotions, title: reader(promotion.name),
        note: BenefitWords(reader: reader, pointsName: visit.started?.settings.pointsName ?? .standard)
          .sentence(promotion.benefit),
        path: "/console/promotions/\(promotion.id)")
    }
  }

  var stores: [Findings.Item] {
    guard visit.may(.seeFigures), let floor = visit.sales else { return [] }
    let found = floor.everyStore.filter { store in
      [store.details.code, store.details.name, store.details.address.city ?? ""].contains { Self.has($0, text) }
    }
    return found.sorted { $0.details.code < $1.details.code }.prefix(Findings.most).map { store in
      Findings.Item(icon: .store, title: store.details.name, note: store.details.code, path: "/console/stores")
    }
  }

  /// Receipts that the text names: the text of a fiscal code, `fn~drive~document`, or what is printed – store, till, shift, number, date –
  /// with spaces or `~` between.
  var receiptKeys: [ReceiptKey] {
    guard let floor = visit.sales, let anywhere = floor.everyStore.first?.id else { return [] }
    if let fiscal = ReceiptKey.Fiscal(printed: text) { return [ReceiptKey(fiscal: fiscal, near: anywhere)] }
    let path = text.split { $0 == "~" || $0 == " " }.joined(separator: "~")
    guard path.contains("~") else { return [] }
    do { return [try ReceiptPath.key(path, in: anywhere) { floor.store($0)?.id }] } catch { return [] }
  }

  func item(_ member: Member) -> Findings.Item {
    Findings.Item(
      icon: .person, title: visit.name(of: member),
      note: reader("участник с \(reader.date(member.joinedAt))", "member since \(reader.date(member.joinedAt))"),
      path: "/console/members/\(member.id)")
  }

  func item(_ receipt: Receipt) -> Findings.Item {
    Findings.Item(
      icon: .receipt, title: "\(reader.moment(receipt.soldAt)), \(reader.money(receipt.amount))", note: visit.store(receipt.store),
      path: receipt.path)
  }

  private static func has(_ text: String, _ asked: String) -> Bool { text.lowercased().contains(asked.lowercased()) }
}
