import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

// What the retailer itself says of members. It may be personal, so a token has a scope of its own for it.
extension TillDesk {
  /// `GET /till/v1/members/{id}/attributes`: what a member has.
  func showAttributes(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let (id, members) = (try Self.bearer(call), floor.programme.members)
    let member = try await database.read { tx in try members.member(id, in: &tx) }
    return Answer(200, Self.answer(id, member.person?.attributes ?? Attributes()))
  }

  /// `PUT /till/v1/members/{id}/attributes`: sets those that are named, and takes away those that are null; others stay. Sent again it
  /// changes nothing.
  func setAttributes(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let node = JSONNode(ask.body)
      node.expect("store", "register", "attributes")
      var values: [String: AttributeValue?] = [:]
      if node["attributes"].required() {
        for (name, value) in node["attributes"].members(max: Limits.attributes) {
          if value.json == .null {
            values[name] = .some(nil)
          } else if let value = AttributeValue(value, lists: true) {
            values[name] = .some(value)
          }
        }
      }
      try node.issues.check("the attributes")
      let (id, members, change, asked) = (try Self.bearer(call), ask.programme.members, change(call), values)
      let attributes = try await database.write(.till) { tx in try members.set(asked, of: id, by: change, in: &tx) }
      return Answer(200, Self.answer(id, attributes))
    } catch let problem as Problem {
      keepRefusal(ask, "members/attributes", problem)
      throw problem
    }
  }

  private static func bearer(_ call: Call) throws(Problem) -> MemberID {
    guard let id = call.path["id"].flatMap({ MemberID($0) }) else { throw MemberCalls.unknown }
    return id
  }

  private static func answer(_ id: MemberID, _ attributes: Attributes) -> JSON {
    .object(["member": .string("\(id)"), "attributes": attributes.json])
  }
}
