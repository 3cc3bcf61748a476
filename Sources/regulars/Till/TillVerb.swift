import ArgumentParser
import Kernel
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct TillVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "till", abstract: "A till in the terminal: scan, identify, pay, return, lose the network, close the shift.",
    discussion: """
      A client of the HTTP interface and nothing else. Commands come from the keyboard, from --script, or from a pipe; `help` lists them. \
      docs/integrator/till.md shows a day. Ends with 1 when a scripted command was refused.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("Where the server is.", valueName: "url")) var server = "http://127.0.0.1:8080"
  @Option(help: ArgumentHelp("A file with the till's token; REGULARS_TILL_TOKEN otherwise.", valueName: "file")) var tokenFile:
    String?
  @Option(help: ArgumentHelp("What is sold, as JSON.", valueName: "file")) var goods: String
  @Option(help: ArgumentHelp("Where the till keeps its shift and what waits for the server.", valueName: "file")) var book =
    "till.json"
  @Option(help: ArgumentHelp("The store, where the token is not a till's own.", valueName: "code")) var store: String?
  @Option(help: ArgumentHelp("The register, where the token is not a till's own.", valueName: "code")) var register: String?
  @Option(help: ArgumentHelp("Commands, one a line.", valueName: "file")) var script: String?
  @Option(help: "Digits behind the point of money.") var digits = 2
  @Option(help: ArgumentHelp("ru or en; the environment's language otherwise.", valueName: "language")) var language: String?

  func validate() throws {
    guard language.map({ DemoLanguage(rawValue: $0) != nil }) ?? true else { throw ValidationError("--language is ru or en") }
    guard (0...4).contains(digits) else { throw ValidationError("--digits is from 0 to 4") }
  }

  func run(at desk: Desk) async throws {
    let isScript = script != nil || isatty(STDIN_FILENO) == 0
    let chosen = language.flatMap(DemoLanguage.init(rawValue:)) ?? DemoLanguage(systemEnvironment())
    let words = TillWords(language: chosen, digits: digits, hasColours: isatty(STDOUT_FILENO) == 1)
    let list = try SetupFile(goods)
    let sold = try await list.named { try TillGood.list(list.json, digits: digits) }
    let place = [("store", store), ("register", register)].compactMap { key, value in value.map { JSON.Member(key, .string($0)) } }
    let session = TillSession(
      HTTPTillClient(server: server, token: try token()), sold, try TillBook(book, at: desk.world.now()), words, place: place,
      now: desk.world.now, random: desk.world.random
    ) { text in
      // A closed pipe is found when the next command is read.
      try? answer(text)
    }
    try await work(session, words, isScript: isScript, desk)
    if isScript, await session.hasFailed { throw ExitCode(Ending.trouble.rawValue) }
  }

  private func work(_ session: TillSession, _ words: TillWords, isScript: Bool, _ desk: Desk) async throws {
    var lines = try LineFile(script ?? "-")
    if !isScript { try answer(words.help) }
    while await !session.isOver, !desk.stop.isAsked {
      if !isScript { try writeAll("> ", to: STDOUT_FILENO, named: "standard output") }
      guard let bytes = try lines.next(atMost: Limits.text) else { return }
      let line = String(decoding: bytes, as: UTF8.self)
      if line.hasPrefix("#") { continue }
      if isScript { try answer("> " + line) }
      try await session.perform(line)
    }
  }

  private func token() throws -> String {
    let text: String
    if let tokenFile {
      text = String(decoding: try readFile(tokenFile, atMost: Limits.text), as: UTF8.self)
    } else if let known = systemEnvironment()["REGULARS_TILL_TOKEN"] {
      text = known
    } else {
      throw Problem(
        .invalid, "token_missing", "a till shows a token: name its file by --token-file, or put it into REGULARS_TILL_TOKEN")
    }
    return text.filter { !$0.isWhitespace }
  }
}

/// A till without a terminal: a line goes in, and what it says comes out.
public actor TillAtWork {
  private let session: TillSession
  private let heard: Heard

  /// - Parameters:
  ///   - book: the file that it keeps its shift in.
  ///   - language: `ru`, or else English.
  /// - Throws: `Problem.invalid`; `FileTrouble`.
  public init(
    _ client: any TillClient, goods: JSON, book: String, language: String, now: @escaping @Sendable () -> Instant,
    random: @escaping @Sendable () -> UInt64
  ) throws {
    let heard = Heard()
    self.heard = heard
    let words = TillWords(language: DemoLanguage(rawValue: language) ?? .en, digits: 2, hasColours: false)
    session = TillSession(
      client, try TillGood.list(goods, digits: 2), try TillBook(book, at: now()), words, now: now, random: random
    ) { text in heard.add(text) }
  }

  public var hasFailed: Bool { get async { await session.hasFailed } }

  /// Does what the line says. - Returns: everything that was said.
  public func type(_ line: String) async throws -> String {
    try await session.perform(line)
    return heard.take()
  }
}

/// What was said since it was last taken. The lock guards the lines.
private final class Heard: Sendable {
  private let lines = Mutex<[String]>([])
  func add(_ text: String) { lines.withLock { $0.append(text) } }
  func take() -> String {
    lines.withLock { lines in
      defer { lines = [] }
      return lines.joined(separator: "\n")
    }
  }
}
