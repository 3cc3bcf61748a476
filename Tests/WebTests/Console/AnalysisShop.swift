import Jobs
import Kernel
import Storage
import Testing

/// Two loaves to Anna, three times, and the columns that follow from it.
enum AnalysisShop {
  private static let bread = "{ \"id\": \"1\", \"product\": \"bread\", \"price\": \"100.00\", \"quantity\": \"2\" }"

  static func sell(_ shop: WebShop) async throws {
    let now = shop.now
    try await shop.database.write { tx in try Epochs.beginFirst("made", at: now, in: &tx) }
    let till = try await shop.line()
    for number in 1...3 {
      let body = Bodies.receipt(number, Bodies.card, lines: bread)
      #expect(try await till.post("/till/v1/receipts", body, key: "00000000-0000-4000-8000-00000000000\(number)").status == 201)
    }
    await till.close()
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
    shop.pass(.days(1))
    await shop.cubes.turn()
  }
}
