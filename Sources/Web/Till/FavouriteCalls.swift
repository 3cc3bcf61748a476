import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

// Favourite categories that members choose in the app, in the shop or at the till.
extension TillDesk {
  /// `GET /till/v1/members/{id}/favourites`: what is offered, what the member has chosen, and for when they may choose.
  func showFavourites(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let (member, favourites) = (try Self.member(in: call), try Self.favourites(floor))
    let standing = try await database.read { tx in try favourites.standing(of: member, at: call.at, in: &tx) }
    return Answer(200, FavouriteAnswer(favourites).json(standing))
  }

  /// `PUT /till/v1/members/{id}/favourites`: this is what the member chooses. Sent again it changes nothing.
  func chooseFavourites(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let node = JSONNode(ask.body)
      node.expect("store", "register", "period", "categories")
      for name in ["period", "categories"] { _ = node[name].required() }
      let which: Favourites.Which? = node["period"].word()
      let codes = node["categories"].items(max: Limits.favourites).compactMap { $0.code() }
      try node.issues.check("the choice")
      let (member, favourites, change) = (try Self.member(in: call), try Self.favourites(ask.floor), change(call))
      let standing = try await database.write(.till) { tx in
        try favourites.choose(codes, for: which ?? .present, of: member, by: change, in: &tx)
      }
      return Answer(200, FavouriteAnswer(favourites).json(standing))
    } catch let problem as Problem {
      keepRefusal(ask, "favourites", problem)
      throw problem
    }
  }

  private static func member(in call: Call) throws(Problem) -> MemberID {
    guard let id = call.path["id"].flatMap({ MemberID($0) }) else { throw MemberCalls.unknown }
    return id
  }

  private static func favourites(_ floor: SalesFloor) throws(Problem) -> Favourites {
    if let favourites = Favourites(of: floor.programme) { return favourites }
    throw Problem(
      .notFound, "no_favourites", "the programme offers no favourite categories",
      cashier: LocalText(ru: "Любимых категорий в программе нет", en: "The programme has no favourite categories"))
  }
}

/// A member's favourites as a till and an app read them.
struct FavouriteAnswer {
  let favourites: Favourites

  init(_ favourites: Favourites) { self.favourites = favourites }

  func json(_ standing: FavouriteStanding) -> JSON {
    .object([
      "choose": .int(Int64(favourites.most)),
      "categories": .array(
        favourites.offered.map { category in
          .object([
            "code": .string(category.code), "name": category.name.json, "icon": category.icon.map(JSON.string),
          ])
        }),
      "present": json(standing.present), "next": json(standing.next),
    ])
  }

  private func json(_ choice: FavouriteStanding.Choice) -> JSON {
    .object([
      "first": .string(choice.period.first.description), "last": .string(choice.period.last.description),
      "categories": .array(choice.codes.map(JSON.string)), "mayChoose": .bool(choice.mayChoose),
    ])
  }
}
