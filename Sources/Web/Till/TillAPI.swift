import Access
import Kernel

/// The till's interface, call by call. A test holds this list and the description against each other.
public struct TillAPI: Sendable {
  let endpoints: [Endpoint]

  public init(_ desk: TillDesk) {
    endpoints =
      Self.members(desk) + Self.rewards(desk) + Self.givingAway(desk) + [
        Endpoint(.post, "/till/v1/calculations", .token(.sell), throttled: true, answer: desk.calculate),
        Endpoint(.post, "/till/v1/receipts", .token(.sell), answer: desk.confirm),
        Endpoint(.get, "/till/v1/receipts/{key}", .token(.sell), throttled: true, answer: desk.lookUp),
        Endpoint(.post, "/till/v1/receipts/{key}/cancellation", .token(.sell), answer: desk.cancel),
        Endpoint(.post, "/till/v1/receipts/{key}/returns", .token(.sell), answer: desk.takeBack),
        Endpoint(.post, "/till/v1/receipts/{key}/member", .token(.membersWrite), throttled: true, answer: desk.attach),
        Endpoint(.post, "/till/v1/receipts/{key}/activations", .token(.sell), throttled: true, answer: desk.activatePoints),
        Endpoint(.post, "/till/v1/exchanges", .token(.sell), answer: desk.exchange),
        Endpoint(.post, "/till/v1/returns", .token(.sell), answer: desk.takeBackUnmatched),
        Endpoint(.post, "/till/v1/receipt-batches", .token(.sell), answer: desk.recordBatch),
        Endpoint(.post, "/till/v1/shift-closings", .token(.sell), answer: desk.closeShift),
        Endpoint(.get, "/till/v1/shift-closings/{key}", .token(.sell), throttled: true, answer: desk.showShift),
        Endpoint(.get, "/till/v1/board", .token(.watch), throttled: true, answer: desk.board),
        Endpoint(.post, "/till/v1/holds", .token(.sell), throttled: true, answer: desk.hold),
        Endpoint(.delete, "/till/v1/holds/{id}", .token(.sell), answer: desk.release),
        Endpoint(.post, "/till/v1/confirmations", .token(.codes), throttled: true, answer: desk.askForCode),
        Endpoint(.post, "/till/v1/confirmations/{id}/verification", .token(.codes), throttled: true, answer: desk.verifyCode),
        Endpoint(.post, "/till/v1/certificates", .token(.sell), throttled: true, answer: desk.askAboutCertificate),
        Endpoint(.get, "/till/v1/games", .token(.sell), throttled: true, answer: desk.listGames),
        Endpoint(.post, "/till/v1/games/{code}/draws", .token(.sell), throttled: true, answer: desk.drawInGame),
        Endpoint(.post, "/till/v1/games/{code}/pages", .token(.sell), throttled: true, answer: desk.openHuntPage),
        Endpoint(.get, "/till/v1/answers", .token(.watch), throttled: true, answer: desk.listAnswers),
        Endpoint(.get, "/till/v1/labels", .token(.labels), throttled: true, answer: desk.listLabels),
        Endpoint(.post, "/till/v1/events", .token(.events), throttled: true, answer: desk.takeEvents),
        Endpoint(.get, "/till/v1/openapi.json", .nobody) { _ in Description.answer },
        Endpoint(.get, "/till/v1/docs", .nobody) { _ in Description.page },
        Endpoint(.get, "/till/v1/docs.css", .nobody) { _ in Description.styles },
      ]
  }

  /// Members, and what they choose, agree to and do together.
  private static func members(_ desk: TillDesk) -> [Endpoint] {
    [
      Endpoint(.get, "/till/v1/members", .token(.membersRead), throttled: true, answer: desk.findMember),
      Endpoint(.post, "/till/v1/members", .token(.membersWrite), throttled: true, answer: desk.join),
      Endpoint(
        .post, "/till/v1/members/{id}/offers/{promotion}", .token(.membersWrite), throttled: true, answer: desk.activateOffer),
      Endpoint(
        .delete, "/till/v1/members/{id}/offers/{promotion}", .token(.membersWrite), throttled: true, answer: desk.deactivateOffer),
      Endpoint(.get, "/till/v1/members/{id}/consents", .token(.membersRead), throttled: true, answer: desk.listConsents),
      Endpoint(.post, "/till/v1/members/{id}/consents", .token(.membersWrite), throttled: true, answer: desk.recordConsent),
      Endpoint(
        .get, "/till/v1/members/{id}/favourites", .token(.membersRead), throttled: true, answer: desk.showFavourites),
      Endpoint(
        .put, "/till/v1/members/{id}/favourites", .token(.membersWrite), throttled: true, answer: desk.chooseFavourites),
      Endpoint(.get, "/till/v1/members/{id}/attributes", .token(.profiles), throttled: true, answer: desk.showAttributes),
      Endpoint(.put, "/till/v1/members/{id}/attributes", .token(.profiles), throttled: true, answer: desk.setAttributes),
      Endpoint(.get, "/till/v1/members/{id}/household", .token(.membersRead), throttled: true, answer: desk.showHousehold),
      Endpoint(.post, "/till/v1/members/{id}/household", .token(.membersWrite), throttled: true, answer: desk.foundHousehold),
      Endpoint(.delete, "/till/v1/members/{id}/household", .token(.membersWrite), throttled: true, answer: desk.leaveHousehold),
      Endpoint(
        .post, "/till/v1/members/{id}/household/invitations", .token(.membersWrite), throttled: true,
        answer: desk.inviteToHousehold),
      Endpoint(
        .post, "/till/v1/members/{id}/household/acceptance", .token(.membersWrite), throttled: true,
        answer: desk.acceptHousehold),
      Endpoint(.post, "/till/v1/members/{id}/trials/{plan}", .token(.membersWrite), throttled: true, answer: desk.beginTrial),
    ]
  }

  /// What members give to each other and to charities.
  private static func givingAway(_ desk: TillDesk) -> [Endpoint] {
    let member = "/till/v1/members/{id}"
    return [
      Endpoint(.get, member + "/transfers", .token(.membersRead), throttled: true, answer: desk.listTransfers),
      Endpoint(.post, member + "/transfers", .token(.membersWrite), throttled: true, answer: desk.transferPoints),
      Endpoint(.get, member + "/donations", .token(.membersRead), throttled: true, answer: desk.listDonations),
      Endpoint(.post, member + "/donations", .token(.membersWrite), throttled: true, answer: desk.donatePoints),
      Endpoint(.post, member + "/finds", .token(.membersWrite), throttled: true, answer: desk.giveFind),
    ]
  }

  private static func rewards(_ desk: TillDesk) -> [Endpoint] {
    [
      Endpoint(.post, "/till/v1/actions/{code}", .token(.rewards), throttled: true, answer: desk.tellAction),
      Endpoint(
        .post, "/till/v1/members/{id}/referral-code", .token(.rewards), throttled: true, answer: desk.makeReferralCode),
      Endpoint(.post, "/till/v1/members/{id}/referrer", .token(.rewards), throttled: true, answer: desk.nameReferrer),
    ]
  }
}
