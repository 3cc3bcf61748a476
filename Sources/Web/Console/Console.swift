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
        BrandSheet.endpoint,
        Endpoint(.get, "/", .nobody, page: true) { _ in .redirect("/console/sign-in") },
        Endpoint(.get, "/console/sign-in", .nobody, page: true, answer: desk.signInPage),
        Endpoint(.post, "/console/sign-in", .nobody, page: true, answer: desk.signIn),
        Endpoint(.get, "/console/first-run", .nobody, page: true, answer: desk.firstRunPage),
        Endpoint(.post, "/console/first-run", .nobody, page: true, answer: desk.beginFirstRun),
        Endpoint(.get, "/console/second-factor", .nobody, page: true, answer: desk.factorPage),
        Endpoint(.post, "/console/second-factor", .nobody, page: true, answer: desk.proveFactor),
        Endpoint(.get, "/console/forgotten", .nobody, page: true, answer: desk.forgottenPage),
        Endpoint(.post, "/console/forgotten", .nobody, page: true, answer: desk.sendReset),
        Endpoint(.get, "/console/welcome/{secret}", .nobody, page: true, answer: desk.welcomePage),
        Endpoint(.post, "/console/welcome/{secret}", .nobody, page: true, answer: desk.setByLink),
        Endpoint(.get, "/console/**", .nobody, page: true) { call in
          try await desk.welcome(call, nil, isForm: false) { _ in throw ConsoleDesk.noPage }
        },
      ]
      + pages.map { page in
        Endpoint(page.method, page.path, .nobody, page: true, file: page.takesFile) { call in
          try await desk.welcome(call, page.right, isForm: page.method == .post && !page.takesFile) { visit in
            try await desk.answer(page, visit)
          }
        }
      }
  }

  /// Room by room; each names its own doors beside its pages.
  private static func pages(_ desk: ConsoleDesk) -> [Door] {
    let rooms = [
      desk.setupDoors, desk.overviewDoors, desk.analysisDoors, desk.reportDoors, desk.memberDoors, desk.segmentDoors,
      desk.memberNoteDoors,
      desk.erasureDoors,
      desk.taskDoors,
      desk.lookDoors, desk.importDoors, desk.receiptDoors,
      desk.programmeDoors,
      desk.promotionDoors, desk.couponDoors, desk.certificateDoors, desk.stampDoors, desk.favouriteDoors, desk.gameDoors,
      desk.rewardDoors, desk.givingAwayDoors,
      desk.tierDoors, desk.subscriptionDoors, desk.fundingDoors, desk.partnerDoors, desk.guardDoors, desk.storeDoors,
      desk.registerDoors,
      desk.shiftDoors,
      desk.catalogueDoors, desk.staffDoors, desk.journalDoors,
      desk.profileDoors, desk.integrationDoors, desk.webhookDoors, desk.jobDoors, desk.settingDoors, desk.findDoors,
      desk.liveDoors, desk.componentDoors, desk.fieldDoors, desk.bulkDoors,
      desk.discrepancyDoors,
    ]
    return rooms.flatMap { $0 }
  }
}

/// One page, or one form's address, with the right that it needs; nil where being signed in is enough.
struct Door: Sendable {
  let method: Endpoint.Method
  let path: String
  let right: Right?
  /// Takes a form with a file: the answer reads it as it comes, and looks at the form's key itself.
  var takesFile = false
  let answer: @Sendable (Visit) async throws -> Answer

  static func page(_ path: String, _ right: Right?, _ answer: @escaping @Sendable (Visit) async throws -> Answer) -> Door {
    Door(method: .get, path: path, right: right, answer: answer)
  }

  static func form(_ path: String, _ right: Right?, _ answer: @escaping @Sendable (Visit) async throws -> Answer) -> Door {
    Door(method: .post, path: path, right: right, answer: answer)
  }

  static func file(_ path: String, _ right: Right?, _ answer: @escaping @Sendable (Visit) async throws -> Answer) -> Door {
    Door(method: .post, path: path, right: right, takesFile: true, answer: answer)
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
