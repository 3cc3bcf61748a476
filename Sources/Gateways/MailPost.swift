import Access
import CCurl
import Dispatch
import Kernel

/// Hands letters to a mail server over libcurl, one connection a letter.
public struct MailGateway: Sendable {
  private let server: MailServer
  private let sender: (name: String, address: Email)
  private let now: @Sendable () -> Instant
  private let random: @Sendable () -> UInt64
  /// libcurl waits, on threads where it may.
  private static let queue = DispatchQueue(label: "mail", attributes: .concurrent)
  private static let isReady: Bool = regulars_curl_begin() == CURLE_OK

  /// - Parameter sender: who letters are from.
  public init(
    to server: MailServer, from sender: (name: String, address: Email), now: @escaping @Sendable () -> Instant,
    random: @escaping @Sendable () -> UInt64
  ) {
    self.server = server
    self.sender = sender
    self.now = now
    self.random = random
  }

  /// For `StaffPost`.
  public var sendMail: MailSender { { mail in try await self.send(mail) } }

  func send(_ mail: Mail) async throws {
    let id = mail.id ?? String(random(), radix: 36) + String(random(), radix: 36)
    let text = MailText.bytes(mail, from: sender, id: id, at: now())
    let (server, from) = (server, sender.address.text)
    let failure: MailNotSent? = await withCheckedContinuation { continuation in
      Self.queue.async { continuation.resume(returning: Self.post(text, from: from, to: mail.to.text, server)) }
    }
    if let failure { throw failure }
  }

  /// - Returns: what went wrong; nil where the server took the letter.
  private static func post(_ text: [UInt8], from: String, to: String, _ server: MailServer) -> MailNotSent? {
    guard isReady, let handle = unsafe curl_easy_init() else { return MailNotSent("libcurl cannot be used") }
    defer { unsafe curl_easy_cleanup(handle) }
    guard let recipients = unsafe curl_slist_append(nil, "<\(to)>") else { return MailNotSent("no memory") }
    defer { unsafe curl_slist_free_all(recipients) }
    let letter = unsafe Reading(text)
    defer { unsafe letter.free() }
    let isSet = unsafe [
      place(server, handle), name("<\(from)>", CURLOPT_MAIL_FROM, handle),
      regulars_curl_list(handle, CURLOPT_MAIL_RCPT, recipients) == CURLE_OK, number(1, CURLOPT_UPLOAD, handle),
      regulars_curl_read(handle, { unsafe Reading.read($0, $1, $2, $3) }) == CURLE_OK,
      regulars_curl_pointer(handle, CURLOPT_READDATA, letter.place) == CURLE_OK,
    ].allSatisfy { $0 }
    guard isSet else { return MailNotSent("libcurl did not take the settings") }
    let outcome = unsafe curl_easy_perform(handle)
    return outcome == CURLE_OK ? nil : unsafe failure(outcome, regulars_curl_response(handle))
  }

  /// Where, how, as whom, and how long.
  private static func place(_ server: MailServer, _ handle: UnsafeMutableRawPointer) -> Bool {
    let host = server.host.contains(":") ? "[\(server.host)]" : server.host
    let scheme = server.security == .fromTheStart ? "smtps" : "smtp"
    let security =
      switch server.security {
      case .fromTheStart, .upgraded: CURLUSESSL_ALL
      case .ifOffered: CURLUSESSL_TRY
      case .none: CURLUSESSL_NONE
      }
    var isSet = unsafe [
      name("\(scheme)://\(host):\(server.port)", CURLOPT_URL, handle), name("smtp,smtps", CURLOPT_PROTOCOLS_STR, handle),
      number(Int(security.rawValue), CURLOPT_USE_SSL, handle), number(1, CURLOPT_NOSIGNAL, handle),
      number(Int(Limits.mailConnect.micros / 1000), CURLOPT_CONNECTTIMEOUT_MS, handle),
      number(Int(Limits.mailWait.micros / 1000), CURLOPT_TIMEOUT_MS, handle),
      // Proxies are for the web; the environment's would send letters astray.
      name("", CURLOPT_PROXY, handle),
    ].allSatisfy { $0 }
    if let user = server.user, let password = server.password {
      isSet = unsafe isSet && name(user, CURLOPT_USERNAME, handle) && name(password, CURLOPT_PASSWORD, handle)
    }
    if let authority = server.authority { isSet = unsafe isSet && name(authority, CURLOPT_CAINFO, handle) }
    return isSet
  }

  private static func name(_ text: String, _ option: CURLoption, _ handle: UnsafeMutableRawPointer) -> Bool {
    unsafe regulars_curl_text(handle, option, text) == CURLE_OK
  }

  private static func number(_ value: Int, _ option: CURLoption, _ handle: UnsafeMutableRawPointer) -> Bool {
    unsafe regulars_curl_number(handle, option, value) == CURLE_OK
  }

  /// In libcurl's words, which hold no address, and the server's last answer as a number.
  private static func failure(_ outcome: CURLcode, _ response: Int) -> MailNotSent {
    let words = unsafe String(cString: curl_easy_strerror(outcome)).lowercased()
    switch outcome {
    case CURLE_LOGIN_DENIED: return MailNotSent("the mail server refused user and password")
    case CURLE_USE_SSL_FAILED: return MailNotSent("the mail server offers no TLS")
    case CURLE_PEER_FAILED_VERIFICATION: return MailNotSent("the mail server's certificate cannot be trusted")
    case CURLE_OPERATION_TIMEDOUT: return MailNotSent("the mail server took too long")
    default:
      guard response >= 400 else { return MailNotSent("the mail server: \(words)") }
      return MailNotSent("the mail server answered \(response)", isFinal: response >= 500)
    }
  }
}

/// A letter that libcurl reads piece by piece. It lives while the letter is handed over, on one thread.
@unsafe private struct Reading {
  private struct State {
    var rest: ArraySlice<UInt8>
  }

  private let state: UnsafeMutablePointer<State>

  init(_ text: [UInt8]) {
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: State(rest: text[...]))
  }

  var place: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(state) }

  func free() {
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
  }

  static func read(_ target: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ place: UnsafeMutableRawPointer?) -> Int {
    guard let target = unsafe target, let state = unsafe place?.assumingMemoryBound(to: State.self) else { return 0 }
    let piece = unsafe state.pointee.rest.prefix(size * count)
    for (offset, byte) in piece.enumerated() { unsafe target[offset] = CChar(bitPattern: byte) }
    unsafe state.pointee.rest.removeFirst(piece.count)
    return piece.count
  }
}
