import Conditions
import Kernel

// Consents, activations and certificates that conditions ask for.
extension CircumstanceFinder {
  /// Every wanted question needs one consent that none of the unwanted ones names.
  func consents(_ asked: [Literal<Condition>]) throws(Contradiction) -> Consents {
    var (wanted, barred): ([[Consent]], Set<Consent>) = ([], [])
    for literal in asked {
      guard case .consents(let list) = literal.question else { continue }
      if literal.holds { wanted.append(list) } else { barred.formUnion(list) }
    }
    var given = Consents()
    for list in wanted {
      guard let one = list.first(where: { !barred.contains($0) }) else { throw .member }
      given.insert(one)
    }
    return given
  }

  /// As `consents`, of privileges. That some tier brings those that are wanted is taken for granted.
  func privilege(_ asked: [Literal<Condition>], _ member: inout MemberSnapshot) throws(Contradiction) {
    var (wanted, barred): ([[String]], Set<String>) = ([], [])
    for literal in asked {
      guard case .privileges(let codes) = literal.question else { continue }
      if literal.holds { wanted.append(codes) } else { barred.formUnion(codes) }
    }
    for codes in wanted {
      guard let one = codes.first(where: { !barred.contains($0) }) else { throw .member }
      member.privileges.append(one)
    }
  }

  func activate(_ asked: [Literal<Condition>], at time: Instant, _ member: inout MemberSnapshot) throws(Contradiction) {
    var answers: [PromotionID: Bool] = [:]
    for literal in asked {
      guard case .activated(_, let promotion) = literal.question else { continue }
      if let known = answers[promotion], known != literal.holds { throw .member }
      answers[promotion] = literal.holds
    }
    member.offers = answers.filter(\.value).keys.sorted().map { ActivatedOffer($0, since: time) }
  }

  /// One more way of paying for each series that is wanted, of a kind that nothing rules out.
  func show(certificates basket: inout Basket) throws(Contradiction) {
    var shown: [String: Bool] = [:]
    for literal in literals {
      guard case .certificate(let series) = literal.question else { continue }
      if let known = shown[folded(series)], known != literal.holds { throw .tender }
      shown[folded(series)] = literal.holds
    }
    let wanted = shown.filter(\.value).keys.sorted()
    guard !wanted.isEmpty else { return }
    guard let kind = ([.giftCard] + TenderKind.allCases).first(where: mayPay) else { throw .tender }
    for series in wanted {
      var certificate = PresentedCertificate(code: series, available: Money(minor: 1))
      certificate.series = series
      basket.tenders.append(Tender(kind: kind, certificate: certificate))
    }
  }

  private func mayPay(by kind: TenderKind) -> Bool {
    !literals.contains { literal in
      if case .tenders(let kinds) = literal.question { !literal.holds && kinds.contains(kind) } else { false }
    }
  }
}
