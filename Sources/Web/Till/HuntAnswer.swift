import Calculator
import Kernel
import Loyalty

// Hunts as a till and the shop read them.
extension GameAnswer {
  func page(_ won: Won) -> JSON {
    guard case .object(let members) = json(won) else { return .null }
    return .object([JSON.Member("hides", .bool(true))] + members.filter { $0.key != "turnsLeft" })
  }

  func odds(_ prize: Prize) -> [JSON.Member] {
    guard let find = prize.find else { return [] }
    return [JSON.Member("oneIn", .int(find.oneIn))] + (find.memberDaily.map { [JSON.Member("memberDaily", .int($0))] } ?? [])
      + (find.daily.map { [JSON.Member("daily", .int($0))] } ?? [])
  }

  /// A collection that was completed, with what it gave.
  func completed(_ completion: Completion) -> JSON {
    let code =
      (completion.code.map { [JSON.Member("code", .string($0))] } ?? [])
      + (completion.until.map { [JSON.Member("until", .string($0.text))] } ?? [])
    return .object([
      "collection": .string(completion.collection), "n": .int(completion.number),
      "prize": .object(prize(completion.prize) + code),
    ])
  }

  /// What a receipt or a page hid.
  func find(_ found: ReceiptFind) -> JSON {
    let won = found.won
    return .object([
      "game": .string(won.game.details.code), "name": won.game.details.name.json,
      "find": .string(won.prize.find?.code ?? ""), "findName": won.prize.name.json,
      "draw": .object([
        "edition": .int(won.draw.edition), "n": .int(won.draw.number), "mark": .string(won.mark),
        "commitment": .string(won.commitment), "fingerprint": .string(won.fingerprint),
      ]),
      "completed": won.completions.isEmpty ? nil : .array(won.completions.map(completed)),
    ])
  }

  /// - Parameter album: the member's; nil where nobody was asked about.
  func json(_ hunt: HuntTerms, _ album: Album?, _ given: [String: Int64]) -> JSON {
    .object([
      "receipts": .string(hunt.receipts.rawValue), "pages": .array(hunt.pages.map(JSON.string)),
      "collections": .array(hunt.collections.map { collection in json(collection, album, given[collection.code] ?? 0) }),
      "album": album.map { album in counts(album.have) },
      "spare": album.map { album in counts(album.spare(hunt.collections)) },
    ])
  }

  private func counts(_ finds: [String: Int64]) -> JSON {
    .array(finds.sorted { $0.key < $1.key }.map { .object(["find": .string($0.key), "count": .int($0.value)]) })
  }

  private func json(_ collection: FindCollection, _ album: Album?, _ given: Int64) -> JSON {
    func needs(_ needs: [FindCollection.Need]) -> JSON {
      .array(needs.map { .object(["find": .string($0.find), "count": .int($0.count)]) })
    }
    return .object([
      "collection": .string(collection.code), "name": collection.name.json, "finds": needs(collection.needs),
      "times": .int(collection.times), "completed": album.map { .int($0.completed[collection.code] ?? 0) },
      "missing": album.map { needs($0.missing(collection)) }, "left": collection.stock.map { .int(max(0, $0 - given)) },
      "prize": .object(prize(collection.prize)),
    ])
  }
}
