import Access
import Kernel
import Loyalty
import Storage

/// The console, page by page. A test goes through this list: every page refuses whoever is not signed in and whose role lacks the right.
public struct Console: Sendable {
  let endpoints: [Endpoint]
  /// Each page with the right that it needs; nil where being signed in is enough.
  public let rights: [String: Right?]

  public init(_ desk: ConsoleDesk) {
    let pages = Self.pages(desk)
    rights = Dictionary(uniqueKeysWithValues: pages.map { ($0.method.rawValue + " " + $0.path, $0.right) })
    endpoints =
      Assets.all.map(\.endpoint) + [
        Endpoint(.get, "/", .nobody, page: true) { _ in .redirect("/console/sign-in") },
        Endpoint(.get, "/console/sign-in", .nobody, page: true, answer: desk.signInPage),
        Endpoint(.post, "/console/sign-in", .nobody, page: true, answer: desk.signIn),
        Endpoint(.get, "/console/second-factor", .nobody, page: true, answer: desk.factorPage),
        Endpoint(.post, "/console/second-factor", .nobody, page: true, answer: desk.proveFactor),
        Endpoint(.get, "/console/**", .nobody, page: true) { call in
          try await desk.welcome(call, nil, isForm: false) { _ in throw ConsoleDesk.noPage }
        },
      ]
      + pages.map { page in
        Endpoint(page.method, page.path, .nobody, page: true) { call in
          try await desk.welcome(call, page.right, isForm: page.method == .post, page.answer)
        }
      }
  }

  private typealias Doorway = (
    method: Endpoint.Method, path: String, right: Right?, answer: @Sendable (Visit) async throws -> Answer
  )

  private static func pages(_ desk: ConsoleDesk) -> [Doorway] {
    [
      (.get, "/console", .seeFigures, desk.overview),
      (.get, "/console/takings.csv", .seeFigures, desk.takingsFile),
      (.get, "/console/members", .seeMembers, desk.members),
      (.get, "/console/members/{id}", .seeMembers, desk.member),
      (.post, "/console/members/{id}/status", .changeMembers, desk.setStatus),
      (.post, "/console/members/{id}/points", .adjustPoints, desk.adjustPoints),
      (.get, "/console/receipts", .seeMembers, desk.receipts),
      (.get, "/console/receipts/{owner}/{id}", .seeMembers, desk.receipt),
      (.get, "/console/stores", .seeFigures, desk.stores),
      (.get, "/console/promotions", .seeFigures, desk.promotions),
      (.get, "/console/staff", .changeStaff, desk.staff),
      (.post, "/console/staff", .changeStaff, desk.hire),
      (.post, "/console/staff/change", .changeStaff, desk.changeStaff),
      (.get, "/console/audit", .seeAudit, desk.journal),
      (.get, "/console/profile", nil, desk.profile),
      (.post, "/console/looks", nil, desk.setLooks),
      (.post, "/console/password", nil, desk.setPassword),
      (.post, "/console/factor", nil, desk.setFactor),
      (.post, "/console/factor/removal", nil, desk.dropFactor),
      (.post, "/console/sign-out", nil, desk.signOut),
    ]
  }
}

extension Answer {
  /// Goes on elsewhere with a GET: after a form, so that reloading does not send it again.
  static func redirect(_ path: String) -> Answer {
    var answer = Answer(303, [], type: "text/plain; charset=utf-8")
    answer.headers.append(("Location", path))
    return answer
  }
}
