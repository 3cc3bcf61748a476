import Access
import Calculator
import Imports
import Kernel
import Loyalty
import Storage

extension Wiring {
  /// The account with this code.
  /// - Throws: `Problem.notFound`.
  func account(_ code: String) async throws -> Account {
    let found = try await database.read { tx in try Accounts().account(code: code, in: &tx) }
    if let found { return found }
    throw Problem(.notFound, "account_unknown", "there is no account with the code \"\(code.prefix(64))\"")
  }

  /// The time zones of this system; nil for a name it does not know.
  var zoneNamed: @Sendable (String) -> Zone? {
    { [zones = world.zones] name in
      do { return try zones.zone(named: name) } catch { return nil }
    }
  }

  /// A programme with its rules in force, as imports need it. Without a rule book nothing is given and nothing earned.
  func importDesk(_ account: AccountID, _ programme: String, _ shoppers: Shoppers = Shoppers()) async throws -> ImportDesk {
    let (known, rules) = try await database.read { [zoneNamed] tx in
      let known = try Programmes(of: account, zones: zoneNamed).programme(code: programme, in: &tx)
      guard let stored = try RuleBooks(of: known).latest(in: &tx) else {
        return (known, RuleBook(version: 0, terms: known.settings.terms, promotions: []))
      }
      let names = try AccountNames(of: known, catalogue: CatalogueIndex(of: account).refreshed(in: &tx), in: &tx)
      return (known, try stored.rules(names).book(version: stored.version))
    }
    let receipts = Receipts(of: known, rules: RuleShelf(rules), ids: ids)
    return ImportDesk(known, receipts: receipts, rules: rules, shoppers: shoppers)
  }
}
