/// One call of the till's interface that names what another account has. In braces stands what is named, `{own…}` what the asker has.
struct ForeignCall: Sendable {
  let method: String
  /// As the description has it.
  let route: String
  let path: String
  let body: String

  init(_ route: String, at path: String? = nil, _ body: String = "") {
    let parts = route.split(separator: " ")
    (method, self.route, self.body) = (String(parts[0]), String(parts[1]), body)
    self.path = path ?? String(parts[1].dropFirst("/till/v1".count))
  }

  /// The same call for each way in which somebody can be shown: `{someone}` is known nowhere here, `{shown}` may also be a member of ours
  /// with another's code.
  var all: [ForeignCall] {
    let others = [#"{ "id": "{member}", "shown": "app" }"#, #"{ "identifier": "{card}", "shown": "scanned" }"#]
    let own = #"{ "id": "{own}", "shown": "typed", "confirmation": "{confirmation}" }"#
    let ways = body.contains("{shown}") ? others + [own] : body.contains("{someone}") ? others : [""]
    return ways.map { way in
      let body = body.replacing("{shown}", with: way).replacing("{someone}", with: way)
      return ForeignCall("\(method) \(route)", at: path, body)
    }
  }

  private static let goods =
    #""lines": [{ "id": "1", "product": "{product}", "quantity": "2", "price": "100.00", "legalEntity": "{entity}" }]"#
  private static let printed = #""receipt": { "shift": 1, "number": "{n}" }, "time": "2026-11-21T12:00:00""#
  private static let codes = """
    "coupons": ["{coupon}"], "tenders": [{ "kind": "gift-card", "certificate": "{certificate}", "pin": "1", "amount": "1.00" }]
    """
  private static let some = """
    "tenders": [{ "kind": "card", "amount": "1.00",
      "only": { "categories": ["{category}"], "brands": ["{productBrand}"], "products": ["{product}"] } }]
    """
  private static let sale = "\(printed), \"member\": {shown}, \(goods)"
  private static let others =
    #""member": {someone}, "hold": "{hold}", "calculationId": "{calculation}", "# + "\(printed), \(goods), "
  private static let came = #"\#(printed), "member": {someone}, "lines": [{ "product": "{product}" }, { "barcode": "{barcode}" }]"#

  private static func exchange(_ sold: String) -> String {
    #""returned": { "of": "{receipt}", \#(came) }, "sold": { \#(sold) }"#
  }

  /// Before the sale, the sale and after it.
  static let ofSales: [ForeignCall] = [
    ForeignCall("POST /till/v1/calculations", #""member": {shown}, \#(goods), \#(codes)"#),
    ForeignCall("POST /till/v1/calculations", "\(goods), \(some)"),
    ForeignCall("POST /till/v1/calculations", #""lines": [{ "id": "1", "barcode": "{barcode}", "price": "10.00" }]"#),
    ForeignCall("POST /till/v1/holds", #""member": {shown}, "points": "10""#),
    ForeignCall("DELETE /till/v1/holds/{id}", at: "/holds/{hold}"),
    ForeignCall("POST /till/v1/confirmations", #""member": {someone}, "points": "10""#),
    ForeignCall(
      "POST /till/v1/confirmations/{id}/verification", at: "/confirmations/{confirmation}/verification", #""code": "{typed}""#),
    ForeignCall("POST /till/v1/receipts", sale),
    ForeignCall("POST /till/v1/receipts", others + codes),
    ForeignCall("POST /till/v1/receipts", others + some),
    ForeignCall("POST /till/v1/receipts", #"\#(printed), "lines": [{ "id": "1", "barcode": "{barcode}", "price": "10.00" }]"#),
    ForeignCall("GET /till/v1/receipts/{key}", at: "/receipts/{receipt}"),
    ForeignCall("GET /till/v1/receipts/{key}", at: "/receipts/{elsewhere}"),
    ForeignCall(
      "POST /till/v1/receipts/{key}/cancellation", at: "/receipts/{receipt}/cancellation",
      #""member": {shown}, "hold": "{hold}""#),
    ForeignCall("POST /till/v1/receipts/{key}/cancellation", at: "/receipts/{elsewhere}/cancellation"),
    ForeignCall("POST /till/v1/receipts/{key}/returns", at: "/receipts/{receipt}/returns", came),
    ForeignCall("POST /till/v1/receipts/{key}/returns", at: "/receipts/{elsewhere}/returns", came),
    ForeignCall("POST /till/v1/returns", came),
    ForeignCall("POST /till/v1/receipts/{key}/activations", at: "/receipts/{receipt}/activations"),
    ForeignCall("POST /till/v1/receipts/{key}/activations", at: "/receipts/{elsewhere}/activations"),
    ForeignCall("POST /till/v1/exchanges", exchange(sale)),
    ForeignCall("POST /till/v1/exchanges", exchange(others + codes)),
    ForeignCall("POST /till/v1/exchanges", exchange(others + some)),
    ForeignCall("POST /till/v1/receipts/{key}/member", at: "/receipts/{receipt}/member", #""member": {shown}"#),
    ForeignCall(
      "POST /till/v1/receipt-batches", #""receipts": [{ "requestKey": "batch-{n}", \#(sale) }]"#),
    ForeignCall("POST /till/v1/receipt-batches", #""receipts": [{ "requestKey": "batch-{n}", \#(others)\#(codes) }]"#),
    ForeignCall("POST /till/v1/receipt-batches", #""receipts": [{ "requestKey": "batch-{n}", \#(others)\#(some) }]"#),
    ForeignCall(
      "POST /till/v1/receipt-batches",
      #""receipts": [{ "requestKey": "batch-{n}", \#(printed), "lines": [{ "id": "1", "barcode": "{barcode}", "price": "10.00" }] }]"#
    ),
    ForeignCall(
      "POST /till/v1/shift-closings",
      #""shift": 1, "opened": "2026-11-21T09:00:00", "closed": "2026-11-21T21:00:00", "sales": { "count": 0, "amount": "0.00" }"#),
    ForeignCall("GET /till/v1/shift-closings/{key}", at: "/shift-closings/{shift}"),
    ForeignCall("POST /till/v1/certificates", #""certificate": "{certificate}", "pin": "1""#),
    ForeignCall("GET /till/v1/answers", at: "/answers?store={store}"),
    ForeignCall("GET /till/v1/answers", at: "/answers?store=S1&register={till}"),
    ForeignCall("GET /till/v1/answers", at: "/answers?store=S1&before={answer}"),
    ForeignCall("GET /till/v1/answers", at: "/answers?request={request}"),
    ForeignCall("GET /till/v1/answers", at: "/answers?store=S1&request={request}"),
    ForeignCall("GET /till/v1/labels", at: "/labels?store={store}"),
    ForeignCall("GET /till/v1/labels", at: "/labels?zone={zone}"),
    ForeignCall("GET /till/v1/labels", at: "/labels?store=S1&after={label}"),
    ForeignCall("GET /till/v1/board", at: "/board?after={store}"),
  ]

  /// Members, and what they do. Who joins with another's card comes last: the card is known here from then on.
  static let ofMembers: [ForeignCall] = [
    ForeignCall("GET /till/v1/members", at: "/members?identifier={card}"),
    ForeignCall("GET /till/v1/games", at: "/games?identifier={card}"),
    ForeignCall("POST /till/v1/games/{code}/draws", at: "/games/{game}/draws", #""member": {shown}"#),
    ForeignCall("POST /till/v1/games/{code}/pages", at: "/games/{game}/pages", #""member": {shown}, "page": "tea""#),
    ForeignCall("POST /till/v1/members/{id}/offers/{promotion}", at: "/members/{member}/offers/{promotion}"),
    ForeignCall("POST /till/v1/members/{id}/offers/{promotion}", at: "/members/{own}/offers/{promotion}"),
    ForeignCall("DELETE /till/v1/members/{id}/offers/{promotion}", at: "/members/{member}/offers/{promotion}"),
    ForeignCall("DELETE /till/v1/members/{id}/offers/{promotion}", at: "/members/{own}/offers/{promotion}"),
    ForeignCall("POST /till/v1/actions/{code}", at: "/actions/{action}", #""member": { "id": "{own}" }, "subject": "{n}""#),
    ForeignCall("POST /till/v1/actions/{code}", at: "/actions/opinion", #""member": {shown}, "subject": "{n}""#),
    ForeignCall("POST /till/v1/members/{id}/referral-code", at: "/members/{member}/referral-code"),
    ForeignCall("POST /till/v1/members/{id}/referrer", at: "/members/{member}/referrer", #""code": "{referral}""#),
    ForeignCall("POST /till/v1/members/{id}/referrer", at: "/members/{own}/referrer", #""code": "{referral}""#),
    ForeignCall("GET /till/v1/members/{id}/attributes", at: "/members/{member}/attributes"),
    ForeignCall("PUT /till/v1/members/{id}/attributes", at: "/members/{member}/attributes", #""attributes": {}"#),
    ForeignCall("GET /till/v1/members/{id}/consents", at: "/members/{member}/consents"),
    ForeignCall(
      "POST /till/v1/members/{id}/consents", at: "/members/{member}/consents",
      #""consent": "terms", "isGiven": true, "text": "1", "source": "till""#),
    ForeignCall("GET /till/v1/members/{id}/favourites", at: "/members/{member}/favourites"),
    ForeignCall(
      "PUT /till/v1/members/{id}/favourites", at: "/members/{member}/favourites", #""period": "present", "categories": ["dairy"]"#),
    ForeignCall(
      "PUT /till/v1/members/{id}/favourites", at: "/members/{own}/favourites",
      #""period": "present", "categories": ["{favourite}"]"#),
    ForeignCall("POST /till/v1/members/{id}/trials/{plan}", at: "/members/{member}/trials/{plan}"),
    ForeignCall("POST /till/v1/members/{id}/trials/{plan}", at: "/members/{own}/trials/{plan}"),
    ForeignCall("GET /till/v1/members/{id}/household", at: "/members/{member}/household"),
    ForeignCall("POST /till/v1/members/{id}/household", at: "/members/{member}/household"),
    ForeignCall("DELETE /till/v1/members/{id}/household", at: "/members/{member}/household"),
    ForeignCall(
      "POST /till/v1/members/{id}/household/invitations", at: "/members/{member}/household/invitations",
      #""member": { "id": "{own}" }"#),
    ForeignCall(
      "POST /till/v1/members/{id}/household/invitations", at: "/members/{own}/household/invitations", #""member": {someone}"#),
    ForeignCall(
      "POST /till/v1/members/{id}/household/acceptance", at: "/members/{member}/household/acceptance",
      #""household": "{household}", "confirmation": "{confirmation}""#),
    ForeignCall(
      "POST /till/v1/members/{id}/household/acceptance", at: "/members/{own}/household/acceptance",
      #""household": "{household}", "confirmation": "{confirmation}""#),
    ForeignCall("GET /till/v1/members/{id}/transfers", at: "/members/{member}/transfers"),
    ForeignCall("GET /till/v1/members/{id}/transfers", at: "/members/{own}/transfers?before={transfer}"),
    ForeignCall(
      "POST /till/v1/members/{id}/transfers", at: "/members/{member}/transfers",
      #""shown": "app", "to": { "id": "{own}" }, "points": "10""#),
    ForeignCall(
      "POST /till/v1/members/{id}/transfers", at: "/members/{own}/transfers",
      #""shown": "typed", "confirmation": "{confirmation}", "to": {someone}, "points": "10""#),
    ForeignCall("GET /till/v1/members/{id}/donations", at: "/members/{member}/donations"),
    ForeignCall("GET /till/v1/members/{id}/donations", at: "/members/{own}/donations?before={donation}"),
    ForeignCall(
      "POST /till/v1/members/{id}/donations", at: "/members/{member}/donations",
      #""shown": "app", "charity": "claws", "points": "10""#),
    ForeignCall(
      "POST /till/v1/members/{id}/donations", at: "/members/{own}/donations",
      #""shown": "typed", "confirmation": "{confirmation}", "charity": "{charity}", "points": "10""#),
    ForeignCall(
      "POST /till/v1/members/{id}/finds", at: "/members/{member}/finds",
      #""shown": "app", "to": { "id": "{own}" }, "game": "{game}", "find": "{find}""#),
    ForeignCall(
      "POST /till/v1/members/{id}/finds", at: "/members/{own}/finds",
      #""shown": "typed", "confirmation": "{confirmation}", "to": {someone}, "game": "{game}", "find": "{find}""#),
    ForeignCall(
      "POST /till/v1/events",
      #""events": [{ "key": "key-{n}", "event": "order", "at": "2026-11-21T08:00:00Z", "visitor": "v1", "member": "{member}", "product": "{product}", "brand": "{brand}", "receipt": "{receipt}", "amount": "10.00" }]"#
    ),
    ForeignCall("POST /till/v1/members", #""identifiers": [{ "kind": "card", "value": "{card}" }]"#),
  ]
}
