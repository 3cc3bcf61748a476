import Kernel
import Storage

/// What moves with a wallet: coupons of one's own and turns of games that nobody has used, what lies in albums of hunts, offers that
/// were activated.
struct MovedThings {
  /// As the row has them.
  var coupons: [String] = []
  var turns: [GivenTurns] = []
  /// What lay in albums of hunts.
  var finds: [MovedFind] = []
  /// Promotions that only the other had activated.
  var offers: [PromotionID] = []

  init() {}

  /// `{"coupons":[code, …],"turns":[[game, count], …],"finds":[[game, find, count], …],"offers":[promotion, …]}`, without finds where
  /// none moved.
  var text: String {
    JSON.object([
      "coupons": .array(coupons.map(JSON.string)), "turns": .array(turns.map { .array([.int($0.game.raw), .int($0.count)]) }),
      "finds": finds.isEmpty
        ? nil : .array(finds.map { .array([.int($0.game.raw), .string($0.find), .int($0.count)]) }),
      "offers": .array(offers.map { .int($0.raw) }),
    ]).compact
  }

  /// - Throws: `StorageFailure.damaged`.
  init(_ text: String) throws {
    let damaged = StorageFailure.damaged("wallet_merge.moved does not say what moved")
    let json = try storedJSON(text, in: "wallet_merge.moved")
    guard case .array(let codes)? = json["coupons"], case .array(let pairs)? = json["turns"],
      case .array(let offered)? = json["offers"]
    else { throw damaged }
    offers = offered.compactMap { if case .int(let raw) = $0 { PromotionID(raw) } else { nil } }
    if case .array(let found)? = json["finds"] {
      finds = try found.map { item in
        guard case .array(let parts) = item, parts.count == 3, case .int(let game) = parts[0], case .string(let find) = parts[1],
          case .int(let count) = parts[2]
        else { throw damaged }
        return MovedFind(game: GameID(game), find: find, count: count)
      }
    }
    coupons = codes.compactMap { if case .string(let code) = $0 { code } else { nil } }
    turns = try pairs.map { pair in
      guard case .array(let parts) = pair, parts.count == 2, case .int(let game) = parts[0], case .int(let count) = parts[1] else {
        throw damaged
      }
      return GivenTurns(game: GameID(game), count: count)
    }
  }
}

extension MergedWallet {
  /// `[[targeted, promotional, base], [the same behind the merge]]`, in seconds, null for none.
  var slides: String {
    func list(_ slides: Wallet.Slides) -> JSON {
      .array(LotFamily.allCases.map { slides[$0].map { .int($0.seconds) } ?? .null })
    }
    return JSON.array([list(slidesBefore), list(slidesAfter)]).compact
  }

  /// - Throws: `StorageFailure.damaged`.
  init(_ row: Row, of member: MemberID) throws {
    let damaged = StorageFailure.damaged("wallet_merge.slides are not two lists of dates")
    guard case .array(let lists) = try storedJSON(row.text(2), in: "wallet_merge.slides"), lists.count == 2 else { throw damaged }
    let read = try lists.map { list -> Wallet.Slides in
      guard case .array(let dates) = list, dates.count == LotFamily.allCases.count else { throw damaged }
      var slides = Wallet.Slides()
      for (family, date) in zip(LotFamily.allCases, dates) {
        if case .int(let seconds) = date { slides[family] = Instant(seconds: seconds) }
      }
      return slides
    }
    self.init(
      before: try WalletSQL.wallet(row.bytes(1), of: member.raw), shift: UInt32(truncatingIfNeeded: row.int(0)),
      slidesBefore: read[0], slidesAfter: read[1])
  }
}
