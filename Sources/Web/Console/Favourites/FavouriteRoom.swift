import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage

/// Favourite categories: what members choose from, how, and how many chose what.
extension ConsoleDesk {
  var favouriteDoors: [Door] {
    [
      .page("/console/favourites", .seeFigures, favouriteList),
      .form("/console/favourites", .changeProgramme, makeFavourite),
      .form("/console/favourites/choosing", .changeProgramme, changeChoosing),
      .page("/console/favourites/new", .changeProgramme) { visit in
        self.favouriteForm(visit, nil, Form(), nil)
      },
      .page("/console/favourites/{favourite}/edit", .changeProgramme) { visit in
        let category = try await self.favouriteView(visit).category(visit)
        let names = try await RuleBench.of(visit, self.database).names
        return self.favouriteForm(visit, category, FavouriteForm.form(of: category, names), nil)
      },
      .form("/console/favourites/{favourite}", .changeProgramme, changeFavourite),
    ]
  }

  /// What the room shows; the goods of each category as tills have them. Two statements.
  private func favouriteView(_ visit: Visit) async throws -> FavouriteView {
    let (id, account, zones, now) = (try visit.programme.id, visit.account.id, zones, visit.call.at)
    let (programme, tally) = try await database.read { tx in
      let programme = try Programmes(of: account, zones: zones).programme(id, in: &tx)
      return (programme, try Favourites(of: programme)?.tally(at: now, in: &tx) ?? [:])
    }
    let names = try await RuleBench.of(visit, database).names
    let categories = programme.settings.wholeTerms(names).favourites
    return FavouriteView(programme: programme, categories: categories, tally: tally, names: names)
  }

  private func favouriteList(_ visit: Visit) async throws -> Answer {
    try await favouriteList(visit, nil)
  }

  private func favouriteList(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let view = try await favouriteView(visit)
    var answer = visit.show(FavouriteListPage(view: view, refusal: refusal, visit: visit).page, in: .favourites)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func favouriteForm(_ visit: Visit, _ category: FavouriteCategory?, _ form: Form, _ refusal: Problem?) -> Answer {
    let page = FavouriteForm(category: category, form: form, refusal: refusal, visit: visit).page
    var answer = visit.show(page, in: .favourites)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it makes one: the second time it is there already, just so.
  private func makeFavourite(_ visit: Visit) async throws -> Answer {
    do {
      let names = try await RuleBench.of(visit, database).names
      let json = try FavouriteForm.json(visit.form, code: visit.form["code"], names)
      try await saveFavourites(visit) { categories in
        let code = json["code"]
        if let known = categories.first(where: { $0["code"] == code }) {
          if known != json { throw Self.taken("code") }
        } else {
          categories.append(json)
        }
      }
      return .redirect("/console/favourites")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return favouriteForm(visit, nil, visit.form, problem)
    }
  }

  /// Changes one, or offers it no more: what members chose of it then gives nothing.
  private func changeFavourite(_ visit: Visit) async throws -> Answer {
    let view = try await favouriteView(visit)
    let category = try view.category(visit)
    let isOver = visit.form["act"] == "remove"
    do {
      if isOver, view.categories.count == 1, let needed = visit.sales?.rules.promotions.first(where: \.asksFavourites) {
        throw Self.favouriteNeeded(by: needed)
      }
      let json: JSON? = isOver ? nil : try FavouriteForm.json(visit.form, code: category.code, view.names)
      try await saveFavourites(visit) { categories in
        guard let place = categories.firstIndex(where: { $0["code"] == .string(category.code) }) else { return }
        if let json { categories[place] = json } else { categories.remove(at: place) }
      }
      return .redirect("/console/favourites")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return favouriteForm(visit, category, isOver ? FavouriteForm.form(of: category, view.names) : visit.form, problem)
    }
  }

  /// Rules that speak of favourites where none is offered could not be read.
  private static func favouriteNeeded(by promotion: Promotion) -> Problem {
    Problem(
      .conflict, "favourite_needed", "the promotion \(promotion.code) speaks of favourites; pause it before the last one goes",
      cashier: LocalText(
        ru: "Это последняя категория, а акция «\(promotion.name.ru)» даёт за любимые. Сначала остановите её",
        en: "This is the last category, and “\(promotion.name.en)” gives something for favourites. Pause it first"))
  }

  private func changeChoosing(_ visit: Visit) async throws -> Answer {
    let form = visit.form
    let digits = form["choose"].filter { !$0.isWhitespace }
    let json: JSON = .object([
      "choose": digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits), "period": .string(form["period"]),
      "begins": .string(form["begins"]), "mayChange": .bool(form.has("mayChange")),
    ])
    do {
      let node = JSONNode(json)
      let terms = FavouriteTerms(node)
      try node.issues.check("how favourites are chosen")
      try await saveSettings(visit) { $0.json.setting("/favourites", terms.json) }
      return .redirect("/console/favourites")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await favouriteList(visit, problem)
    }
  }

  private func saveFavourites(
    _ visit: Visit, _ change: @escaping @Sendable (inout [JSON]) throws -> Void
  ) async throws {
    try await saveSettings(visit) { settings in
      var categories = settings.favouriteCategories
      try change(&categories)
      return settings.json.setting("/terms/favourites", categories.isEmpty ? nil : .array(categories))
    }
  }

  /// A version of the settings with the change; tills hear of it at once where they have rules. A category that running promotions
  /// need is refused by them.
  func saveSettings(_ visit: Visit, _ next: @escaping @Sendable (ProgrammeSettings) throws -> JSON) async throws {
    let (id, account, zones, change) = (try visit.programme.id, visit.account.id, zones, change(visit))
    let revise: @Sendable (Programme, inout Transaction) throws -> Void = { programme, tx in
      let json = try next(programme.settings)
      _ = try Programmes(of: account, zones: zones).revise(id, json, from: programme.version, by: change, in: &tx)
    }
    let bench = try await RuleBench.of(visit, database)
    guard bench.book != nil else {
      return try await database.write { tx in
        try revise(try Programmes(of: account, zones: zones).programme(id, in: &tx), &tx)
      }
    }
    try await publish(.settings, visit, names: bench.names, revise)
  }

  /// For a member who asks at a desk or on the telephone.
  func chooseFavourites(_ visit: Visit) async throws -> Answer {
    let id = try Self.memberID(visit)
    let (form, programme, change) = (visit.form, try visit.programme, change(visit))
    guard let which = Favourites.Which(rawValue: form["period"]), let favourites = Favourites(of: programme) else {
      throw Self.brokenForm
    }
    let codes = favourites.offered.map(\.code).filter { form.has("favourite-" + $0) }
    do {
      _ = try await database.write { tx in try favourites.choose(codes, for: which, of: id, by: change, in: &tx) }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      guard problem.code != Self.erased.code else { throw problem }
      return try await member(visit, MemberRefusal(place: .favourites, problem: problem))
    }
    return .redirect("/console/members/\(id)#favourites")
  }
}

/// What the room of favourites is about.
struct FavouriteView: Sendable {
  let programme: Programme
  let categories: [FavouriteCategory]
  let tally: [Favourites.Which: [String: Int64]]
  let names: AccountNames

  func category(_ visit: Visit) throws -> FavouriteCategory {
    guard let code = visit.call.path["favourite"], let category = categories.first(where: { $0.code == code }) else {
      throw ConsoleDesk.noPage
    }
    return category
  }
}
