import Access
import Customers
import Kernel
import Loyalty
import Storage

// Trials of subscriptions, as a till, an app or a shop begins them.
extension TillDesk {
  /// `POST /till/v1/members/{id}/trials/{plan}`: the member tries a subscription out, once for each plan.
  func beginTrial(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let node = JSONNode(ask.body)
      node.expect("store", "register")
      try node.issues.check("the trial")
      let (member, code) = (try GivingAwayReading.member(call), call.path["plan"] ?? "")
      let (change, ids, floor) = (change(call), ids, ask.floor)
      let programmes = floors.programmes(of: ask.account)
      let found = try await database.write(.till) { tx -> Subscription? in
        // As it is stored: what a till has in memory may be a second old.
        let programme = try programmes.programme(ask.programme.id, in: &tx)
        return try Subscriptions(of: programme, ids: ids).beginTrial(
          code, of: member, request: request, wallets: Wallets(of: programme, ids: ids), by: change, in: &tx)
      }
      guard let found else { throw MemberCalls.unknown }
      return Answer(201, SubscriptionAnswer(floor: floor).json(found))
    } catch let problem as Problem {
      keepRefusal(ask, "trials", problem)
      throw problem
    }
  }
}
