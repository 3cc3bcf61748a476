import Access
import Customers
import Kernel
import Loyalty
import Storage

/// What else is kept about a member: notes and tasks of the staff, coupons of their own, certificates and prizes.
extension MemberDossier {
  func belongings(of id: MemberID) async throws -> (members: [JSON.Member], isWhole: Bool) {
    let (programme, ids) = (programme, ids)
    let notes = try await all(\MemberNote.id) { before, tx in
      try MemberNotes(of: programme.account, programme: programme.id).latest(of: id, before: before, limit: Limits.page, in: &tx)
    }
    let tasks = try await all(\MemberTask.id) { before, tx in
      try MemberTasks(of: programme.account, programme: programme.id).latest(of: id, before: before, limit: Limits.page, in: &tx)
    }
    let moves = try await all(\CertificateEntry.id) { before, tx in
      try Certificates(of: programme, ids: ids, keys: nil).entries(of: id, before: before, limit: Limits.page, in: &tx)
    }
    let prizes = try await all({ (one: (draw: GameDraw, edition: GameEdition)) in one.draw.id }) { before, tx in
      try Games(of: programme, ids: ids, keys: nil).draws(of: id, before: before, limit: Limits.page, in: &tx)
    }
    let collections = try await all(\Completion.id) { before, tx in
      try Games(of: programme, ids: ids, keys: nil).completions(of: id, before: before, limit: Limits.page, in: &tx)
    }
    let albums = try await database.read { tx in try Games(of: programme, ids: ids, keys: nil).albums(of: id, in: &tx) }
    let coupons = try await database.read { tx in
      try Coupons(of: programme).coupons(of: id, limit: Limits.page, in: &tx)
    }
    let members = [
      JSON.Member("notes", .array(notes.list.map(json))), JSON.Member("tasks", .array(tasks.list.map(json))),
      JSON.Member("coupons", .array(coupons.map { json($0.coupon, $0.series.details) })),
      JSON.Member("certificates", .array(moves.list.map(json))),
      JSON.Member("prizes", .array(prizes.list.map { json($0.draw, $0.edition) })),
      JSON.Member("collections", .array(collections.list.map(json))), JSON.Member("albums", json(albums)),
    ]
    let isWhole = [
      notes.isWhole, tasks.isWhole, moves.isWhole, prizes.isWhole, collections.isWhole, coupons.count < Limits.page,
    ].allSatisfy { $0 }
    return (members, isWhole)
  }

  /// What was written; who wrote it is the staff's own data.
  private func json(_ note: MemberNote) -> JSON { .object(["at": .string(note.at.text), "text": .string(note.text)]) }

  private func json(_ task: MemberTask) -> JSON {
    .object([
      "at": .string(task.at.text), "text": .string(task.text), "due": task.due.map { .string("\($0)") },
      "doneAt": (task.done?.at.text).map { .string($0) },
    ])
  }

  private func json(_ coupon: Coupon, _ series: CouponSeriesDetails) -> JSON {
    .object([
      "series": .string(series.code), "code": .string(coupon.code), "issuedAt": .string(coupon.issuedAt.text),
      "until": (coupon.until?.text).map { .string($0) }, "usedAt": (coupon.usedAt?.text).map { .string($0) },
    ])
  }

  /// A certificate's code is money to whoever reads it: only its end is told.
  private func json(_ entry: CertificateEntry) -> JSON {
    .object([
      "codeEndsWith": .string(String(entry.code.suffix(4))), "at": .string(entry.at.text), "kind": .string("\(entry.kind)"),
      "change": text(entry.change),
    ])
  }

  private func json(_ done: Completion) -> JSON {
    .object([
      "at": .string(done.at.text), "game": .string("\(done.game)"), "collection": .string(done.collection),
      "prize": .string(done.prize.name.ru),
    ])
  }

  private func json(_ albums: [GameID: Album]) -> JSON {
    .array(
      albums.sorted { $0.key < $1.key }.flatMap { game, album in
        album.have.sorted { $0.key < $1.key }.map { find, count in
          .object(["game": .string("\(game)"), "find": .string(find), "count": .int(count)])
        }
      })
  }

  private func json(_ draw: GameDraw, _ edition: GameEdition) -> JSON {
    .object([
      "at": .string(draw.at.text), "game": .string("\(draw.game)"), "prize": .string(edition.table.all[draw.given].name.ru),
    ])
  }
}
