import Access
import Calculator
import Kernel
import Loyalty
import Storage

extension TillDesk {
  /// `POST /till/v1/members/{id}/finds`: the member gives a spare find of a hunt to another.
  func giveFind(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let node = JSONNode(ask.body)
      node.expect("store", "register", "cashier", "shown", "confirmation", "to", "game", "find")
      let giver = try GivingAwayReading.giver(ask)
      _ = node["to"].required()
      let receiver = BasketReading.showing(node["to"])
      let (game, find) = (
        node["game"].required() ? node["game"].code() : nil, node["find"].required() ? node["find"].code() : nil
      )
      try node.issues.check("the gift")
      let (change, hash) = (change(call), BodyHash.of(ask.body, ask.till))
      let (programme, games) = (ask.programme, ask.floor.receipts.games)
      let made = try await database.write(.till) { tx in
        let who = try GivingAwayReading.known(programme.identify(giver, at: call.at, in: &tx), giver)
        guard who.strength != .typed else { throw GivingAwayReading.notProved }
        guard let other = try programme.identify(receiver, at: call.at, in: &tx).shopper.id else {
          throw GivingAwayReading.receiverUnknown
        }
        return try games.give(
          find ?? "", in: game ?? "", from: who.member, to: other, as: programme.members, isStopped: who.isStopped,
          request: (request, hash), by: change, in: &tx)
      }
      let answer = GameAnswer(ask.floor)
      return Answer(
        201,
        .object([
          "gift": .string("\(made.id)"), "game": .string(made.game.details.code), "find": .string(made.find),
          "member": .string("\(made.receiver)"), "left": .int(made.left),
          "completed": made.completions.isEmpty ? nil : .array(made.completions.map { .string($0.collection) }),
          "name": answer.name(of: made.find, in: made.game),
        ]))
    } catch let problem as Problem {
      keepRefusal(ask, "finds", problem)
      throw problem
    }
  }
}

extension GivingAwayReading {
  static var notProved: Problem {
    Problem(
      .conflict, "giver_not_proved", "a number that was only typed proves nobody; show the card or the app, or send a code",
      cashier: LocalText(
        ru: "Номера мало: нужна карта, приложение или код из СМС",
        en: "A number is not enough: show the card or the app, or use a code")
    )
  }
}

extension GameAnswer {
  /// What a find is called now; nil where the hunt hides it no more.
  fileprivate func name(of find: String, in game: Known<GameDetails>) -> JSON? {
    game.details.table.prizes.first { $0.find?.code == find }?.name.json
  }
}
