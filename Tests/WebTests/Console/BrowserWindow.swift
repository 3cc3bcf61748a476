import Access
import Foundation
import Kernel
import Storage
import Synchronization
import Testing
import Web

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A browser without a screen: keeps cookies, sends forms, and does not follow redirects by itself.
final class BrowserWindow: Sendable {
  struct Seen: Sendable {
    let status: Int
    let text: String
    let location: String?
    let cookies: [String]
    let policy: String?
  }

  private let address: String
  private let cookies = Mutex<[String: String]>([:])
  private let session: URLSession

  init(_ address: String) {
    self.address = address
    let settings = URLSessionConfiguration.ephemeral
    settings.httpCookieStorage = nil
    settings.httpShouldSetCookies = false
    session = URLSession(configuration: settings, delegate: Staying(), delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  func set(_ name: String, _ value: String) { cookies.withLock { $0[name] = value } }
  var secret: String? { cookies.withLock { $0["regulars"] } }

  func open(_ path: String) async throws -> Seen { try await send(path, nil, site: "same-origin") }

  /// Sends a form as this site's own pages do; `site` as another would.
  func send(_ path: String, _ form: [String: String]?, site: String) async throws -> Seen {
    let body = form.map { form in
      (
        "application/x-www-form-urlencoded",
        Data(form.map { "\(queryText($0.key))=\(queryText($0.value))" }.joined(separator: "&").utf8)
      )
    }
    return try await send(path, body: body, site: site)
  }

  /// Sends a form with a file, its fields first, as browsers do.
  func send(_ path: String, _ fields: [(String, String)], file: String, _ bytes: [UInt8], site: String = "same-origin") async throws
    -> Seen
  {
    let mark = "----form\(UInt64.random(in: 0 ... .max))"
    var body = Data()
    for (name, value) in fields {
      body += Data("--\(mark)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }
    let head = "--\(mark)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file)\"\r\nContent-Type: text/csv\r\n\r\n"
    body += Data(head.utf8) + Data(bytes) + Data("\r\n--\(mark)--\r\n".utf8)
    return try await send(path, body: ("multipart/form-data; boundary=\(mark)", body), site: site)
  }

  private func send(_ path: String, body: (type: String, data: Data)?, site: String) async throws -> Seen {
    var request = URLRequest(url: try #require(URL(string: address + path)))
    request.setValue(site, forHTTPHeaderField: "Sec-Fetch-Site")
    request.setValue("ru", forHTTPHeaderField: "Accept-Language")
    let shown = cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
    if !shown.isEmpty { request.setValue(shown, forHTTPHeaderField: "Cookie") }
    if let body {
      request.httpMethod = "POST"
      request.setValue(body.type, forHTTPHeaderField: "Content-Type")
      request.httpBody = body.data
    }
    let (data, response) = try await session.data(for: request)
    let answer = try #require(response as? HTTPURLResponse)
    let set = (answer.value(forHTTPHeaderField: "Set-Cookie") ?? "").components(separatedBy: ", ").filter { !$0.isEmpty }
    for cookie in set {
      let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
      cookies.withLock { $0[pair[0]] = pair.count > 1 ? pair[1] : nil }
    }
    return Seen(
      status: answer.statusCode, text: String(decoding: data, as: UTF8.self),
      location: answer.value(forHTTPHeaderField: "Location"),
      cookies: set, policy: answer.value(forHTTPHeaderField: "Content-Security-Policy"))
  }

  /// Listens to an answer without an end.
  func listen(_ path: String) throws -> LiveListener {
    var request = URLRequest(url: try #require(URL(string: address + path)), timeoutInterval: 60)
    request.setValue("text/event-stream", forHTTPHeaderField: "Accept")
    request.setValue(cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }, forHTTPHeaderField: "Cookie")
    let settings = URLSessionConfiguration.ephemeral
    settings.httpCookieStorage = nil
    settings.httpShouldSetCookies = false
    let listener = LiveListener()
    URLSession(configuration: settings, delegate: listener, delegateQueue: nil).dataTask(with: request).resume()
    return listener
  }

  /// What the forms of this session carry.
  var formKey: String { secret.flatMap { SessionSecret(shown: $0) }?.formKey ?? "" }

  /// With the key that the pages of this session carry.
  func submit(_ path: String, _ form: [String: String] = [:]) async throws -> Seen {
    let key = formKey
    return try await send(path, form.merging(["key": key]) { own, _ in own }, site: "same-origin")
  }

  private final class Staying: NSObject, URLSessionTaskDelegate, Sendable {
    func urlSession(
      _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest,
      completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) { completionHandler(nil) }
  }
}

extension WebShop {
  /// Each stretched once for all tests: that is slow on purpose, and hundreds are hired.
  private static let passwords = StretchedPasswords()

  /// Somebody of the staff, who may sign in with this password.
  @discardableResult
  func hire(
    _ login: String, _ role: Role, password: String = "correct horse", mustChange: Bool = false, in account: AccountID? = nil
  )
    async throws -> StaffMember
  {
    let password = try Self.passwords.kept(password)
    let (account, change) = (account ?? self.account, Change(by: .demo, at: now, ids: ids))
    return try await database.write { tx in
      let staff = Staff(of: account)
      _ = try staff.add(login: login, name: "Кто-то \(login)", role: role, password: password, by: change, in: &tx)
      try staff.set(password, of: login, mustChange: mustChange, by: change, in: &tx)
      return try #require(try staff.find(login, in: &tx)).0
    }
  }

  func window() -> BrowserWindow { BrowserWindow(address) }

  /// A window in which somebody is signed in already.
  func window(of staff: StaffMember, in account: AccountID? = nil) async throws -> BrowserWindow {
    let secret = SessionSecret(random: { UInt64.random(in: 0 ... .max) })
    let (account, change) = (account ?? self.account, Change(by: .demo, at: now, ids: ids))
    _ = try await database.write { tx in
      try Sessions(of: account).begin(for: staff, secret, isProven: true, by: change, in: &tx)
    }
    let window = window()
    window.set("regulars", secret.text)
    return window
  }
}

private final class StretchedPasswords: Sendable {
  private let known = Mutex<[String: Password]>([:])

  func kept(_ text: String) throws -> Password {
    if let password = known.withLock({ $0[text] }) { return password }
    let password = try Password(text, salt: Array(repeating: 1, count: 16))
    known.withLock { $0[text] = password }
    return password
  }
}
