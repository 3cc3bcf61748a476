import Access
import Kernel
import Loyalty
import Storage

/// What a store may name, for a form's choices.
struct StoreSurroundings: Sendable {
  let brands: [Known<BrandDetails>]
  let entities: [Known<LegalEntityDetails>]
  let zones: [Known<PriceZoneDetails>]

  static func read(of account: AccountID, in tx: inout Transaction) throws -> StoreSurroundings {
    let places = Places(of: account)
    return StoreSurroundings(
      brands: try places.brands(in: &tx).values.sorted { $0.details.code < $1.details.code },
      entities: try places.legalEntities(in: &tx).values.sorted { $0.details.code < $1.details.code },
      zones: try places.priceZones(in: &tx).values.sorted { $0.details.code < $1.details.code })
  }
}

extension ConsoleDesk {
  func newStore(_ visit: Visit) async throws -> Answer { try await storeForm(visit, nil, Form(), nil) }

  func editStore(_ visit: Visit) async throws -> Answer {
    let (id, account) = (try Self.storeID(visit), visit.account.id)
    let store = try await database.read { tx in try Places(of: account).store(id, in: &tx) }
    return try await storeForm(visit, store, Form(store.details), nil)
  }

  /// - Parameter store: nil for a new one.
  private func storeForm(_ visit: Visit, _ store: Store?, _ form: Form, _ refusal: Problem?) async throws -> Answer {
    let account = visit.account.id
    let around = try await database.read { tx in try StoreSurroundings.read(of: account, in: &tx) }
    let page = StoreFormPage(store: store, around: around, form: form, refusal: refusal, visit: visit)
    var answer = visit.show(page.page, in: .stores)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it makes one store: the second time it is there already, just so.
  func makeStore(_ visit: Visit) async throws -> Answer {
    let (form, account, change) = (visit.form, visit.account.id, change(visit))
    do {
      let details = try form.store(code: form["code"], isClosed: false, zones)
      let id = try await database.write { tx -> StoreID in
        let places = Places(of: account)
        try takeStructure(of: account, in: &tx)
        if let known = try places.stores(codes: [details.code], in: &tx)[details.code], known.details != details {
          throw Self.taken("code")
        }
        return try places.save([details], by: change, in: &tx).ids[0]
      }
      try await refreshFloor(visit)
      return .redirect("/console/stores/\(id)")
    } catch let problem as Problem { return try await storeForm(visit, nil, form, problem) }
  }

  func changeStore(_ visit: Visit) async throws -> Answer {
    let (id, form, account, change, zones) = (try Self.storeID(visit), visit.form, visit.account.id, change(visit), zones)
    let store = try await database.read { tx in try Places(of: account).store(id, in: &tx) }
    do {
      try await database.write { tx in
        let places = Places(of: account)
        let now = try places.store(id, in: &tx).details
        _ = try places.save([try form.store(code: now.code, isClosed: now.isClosed, zones)], by: change, in: &tx)
      }
    } catch let problem as Problem { return try await storeForm(visit, store, form, problem) }
    try await refreshFloor(visit)
    return .redirect(store.path)
  }

  /// Marks a store as closed or open. What tills may do hangs on their tokens, and does not change.
  func setStoreState(_ visit: Visit) async throws -> Answer {
    let (id, act, account, change) = (try Self.storeID(visit), visit.form["act"], visit.account.id, change(visit))
    guard act == "close" || act == "open" else { throw Self.incomplete }
    try await database.write { tx in
      let places = Places(of: account)
      _ = try places.save([try places.store(id, in: &tx).details.closed(act == "close")], by: change, in: &tx)
    }
    try await refreshFloor(visit)
    return .redirect("/console/stores/\(id)")
  }

  /// So that who changed something sees it at once, and not a second later. Before there are rules there is nothing to refresh.
  func refreshFloor(_ visit: Visit) async throws {
    guard let floor = visit.sales else { return }
    _ = try await floors.refresh(floor.programme.id)
  }

  /// What a form says of a field.
  static func fault(_ field: String, _ code: String, _ detail: String) -> Problem {
    Problem(.invalid, "invalid_input", detail, issues: [Issue(pointer: "/" + field, code: code, message: detail)])
  }

  /// A form of ours without what its page puts into it.
  static let incomplete = Problem(
    .invalid, "form_incomplete", "this form lacks what its page puts into it; open the page again",
    cashier: LocalText(ru: "Форма пришла неполной. Откройте страницу заново", en: "This form came incomplete. Open its page again"))

  static func taken(_ field: String) -> Problem {
    fault(field, "code_taken", "there is one with this code already; open it to change it")
  }
}

extension StoreDetails {
  fileprivate func closed(_ isClosed: Bool) -> StoreDetails {
    StoreDetails(
      code: code, name: name, brand: brand, legalEntity: legalEntity, priceZone: priceZone, address: address,
      coordinates: coordinates,
      zone: zone, dayStart: dayStart, isClosed: isClosed, format: format)
  }
}

extension Form {
  fileprivate init(_ details: StoreDetails) {
    self.init([
      "name": details.name, "brand": details.brand, "legalEntity": details.legalEntity, "priceZone": details.priceZone ?? "",
      "region": details.address.region ?? "", "city": details.address.city ?? "", "street": details.address.street ?? "",
      "coordinates": details.coordinates.map { "\($0)" } ?? "", "zone": details.zone,
      "dayStart": String(details.dayStart.description.prefix(5)), "format": details.format ?? "",
    ])
  }

  /// Nil where nothing was typed.
  func text(_ name: String) -> String? { self[name].isEmpty ? nil : self[name] }

  fileprivate func store(code: String, isClosed: Bool, _ zones: (String) -> Zone?) throws -> StoreDetails {
    let issues = IssueList()
    let place = text("coordinates").flatMap { Coordinates($0) }
    if place == nil, text("coordinates") != nil { issues.add("/coordinates", "not_a_place", "latitude and longitude are expected") }
    let start = text("dayStart").map { Clock($0) } ?? .midnight
    if start == nil { issues.add("/dayStart", "not_a_time", "a time of day is expected here, for example 04:00") }
    // Tills of a store whose zone this machine does not know could not sell.
    if zones(self["zone"]) == nil { issues.add("/zone", "not_a_zone", "this machine knows no zone \"\(self["zone"].prefix(40))\"") }
    try issues.check("the store")
    return StoreDetails(
      code: code, name: self["name"], brand: self["brand"], legalEntity: self["legalEntity"], priceZone: text("priceZone"),
      address: Address(region: text("region"), city: text("city"), street: text("street")), coordinates: place, zone: self["zone"],
      dayStart: start ?? .midnight, isClosed: isClosed, format: text("format"))
  }
}

struct StoreFormPage {
  let store: Store?
  let around: StoreSurroundings
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private static let fields: Set = [
    "code", "name", "brand", "legalEntity", "priceZone", "region", "city", "street", "coordinates", "zone", "dayStart",
    "format",
  ]

  var page: Page {
    var crumbs = [(name: reader("Магазины", "Stores"), path: "/console/stores")]
    if let store { crumbs.append((store.details.name, store.path)) }
    return Page(
      title: store == nil ? reader("Новый магазин", "New store") : reader("Изменить магазин", "Edit the store"), crumbs: crumbs,
      body: "<div class=\"page-body\">\(lack)<section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var lack: Markup? {
    guard around.brands.isEmpty || around.entities.isEmpty else { return nil }
    let text = reader(
      "Сначала заведите бренд и юридическое лицо: магазин принадлежит им.",
      "First make a brand and a legal entity: a store belongs to them.")
    return "<p class=\"notice warn\" role=\"alert\">\(Icon.warning.usual)<span>\(text)</span>\(signs)</p>"
  }

  private var signs: Markup {
    "<a class=\"button s\" href=\"/console/signs\">\(reader("Бренды и юрлица", "Brands and legal entities"))</a>"
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    func field(_ name: String, _ ru: String, _ en: String, hint: String? = nil, limit: Int = Limits.name, needs: Bool = false)
      -> Markup
    {
      Field(
        name: name, label: reader(ru, en), value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: needs
      ).html
    }
    let code: Markup? =
      store == nil
      ? field(
        "code", "Код", "Code",
        hint: reader("Как его знают кассы и учёт. Потом не меняется", "As tills and ledgers know it. Cannot be changed later"),
        limit: Limits.code, needs: true) : nil
    return """
      <form class="form" method="post" action="\(store?.path ?? "/console/stores")">\(visit.key)\(faults.notice)\
      <div class="fields">\(code)\(field("name", "Название", "Name", needs: true))</div>\
      <div class="fields">\(choices(faults))</div>\
      <div class="fields">\(field("format", "Формат", "Format", hint: reader("Ваше слово: гипермаркет, у дома, экспресс. По нему выбирают магазины акций", "Your own word: hypermarket, near home, express. Promotions choose stores by it")))</div>\
      <div class="fields">\(field("region", "Регион", "Region"))\(field("city", "Город", "City"))</div>\
      <div class="fields">\(field("street", "Улица и дом", "Street and house"))\
      \(field("coordinates", "Координаты", "Coordinates", hint: reader("Широта и долгота: 55.753930, 37.620795", "Latitude and longitude: 55.753930, 37.620795")))</div>\
      <div class="fields">\(field("zone", "Часовой пояс", "Time zone", hint: reader("Как в базе IANA: Europe/Moscow", "As in the IANA database: Europe/Moscow"), limit: Limits.code, needs: true))\
      \(Field(name: "dayStart", label: reader("Начало дня", "Day begins"), value: form.text("dayStart") ?? "00:00", type: "time", hint: reader("Чеки до этого часа относятся ко вчерашнему дню", "Receipts before this hour belong to the day before"), fault: faults["dayStart"]).html)</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(store?.path ?? "/console/stores")">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  private func choices(_ faults: FormFaults) -> [Markup] {
    [
      Choice(
        name: "brand", label: reader("Бренд", "Brand"), options: around.brands.map { ($0.details.code, $0.details.name) },
        chosen: form["brand"], fault: faults["brand"]
      ).html,
      Choice(
        name: "legalEntity", label: reader("Юридическое лицо", "Legal entity"),
        options: around.entities.map { ($0.details.code, $0.details.name) }, chosen: form["legalEntity"],
        fault: faults["legalEntity"]
      ).html,
      around.zones.isEmpty
        ? .nothing
        : Choice(
          name: "priceZone", label: reader("Ценовая зона", "Price zone"),
          options: [("", reader("нет", "none"))] + around.zones.map { ($0.details.code, $0.details.name) },
          chosen: form["priceZone"],
          hint: reader("Магазины с общими ценами", "Stores that share prices"), fault: faults["priceZone"]
        ).html,
    ]
  }
}
