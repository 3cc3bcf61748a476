import Storage
import TestKit
import Testing

extension Database {
  /// Fills the database until it refuses; every refusal must say that the disk is full, and what was confirmed must be there.
  func fillUp() async throws {
    // Bytes by chance: a database may squeeze others.
    var dice = Dice(seed: 7)
    var confirmed: [Int64] = []
    var refused = 0
    for id in 0..<2_000 where refused < 5 {
      let (first, second) = ((0..<3_000).map { _ in UInt8(dice.roll(0...255)) }, (0..<3_000).map { _ in UInt8(dice.roll(0...255)) })
      do {
        try await write { tx in
          try tx.addNote(id, nil, first)
          try tx.addNote(10_000 + id, nil, second)
        }
        confirmed += [Int64(id), Int64(10_000 + id)]
      } catch StorageFailure.diskFull { refused += 1 }
    }
    #expect(refused == 5)
    let ids = try await noteIDs()
    #expect(ids == confirmed.sorted())
    #expect(!confirmed.isEmpty)
  }
}
