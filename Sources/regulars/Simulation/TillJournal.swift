import Kernel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a till wrote down: each request before it was sent, each answer after it came. Lines of
///
///     ask 7 1767225600000000 {"do":"confirm",…}
///     answer 7 {"receipt":…}
///     again 7 {"receipt":…}
///
/// The file is the till's memory: a till that starts again reads it, lives the same year up to the last line without asking anybody,
/// and sends what got no answer once more. Lines are handed to the system before the request goes out, which is what outlives a killed
/// process; `isSynced` waits for the disk besides, where the machine itself may be cut off.
struct TillJournal: ~Copyable {
  /// What was found is not what the seed makes: another program or other options wrote the file.
  struct Differs: Error, CustomStringConvertible {
    let path: String
    let number: Int
    let written: String
    let wanted: String
    var description: String { "\(path): request \(number) was \(written), this run asks \(wanted); use a new folder" }
  }

  private struct Known {
    let ask: Substring
    var answer: Substring?
  }

  /// The latest time a server answered at.
  let latest: Instant
  private let path: String
  private let file: Int32
  private let isSynced: Bool
  private var known: [Known] = []
  private var count = 0

  /// Opens the file or makes it, and cuts off a line that was not written to its end.
  /// - Throws: `FileTrouble`.
  init(_ path: String, isSynced: Bool) throws {
    self.path = path
    self.isSynced = isSynced
    file = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileTrouble(path, errno: errno) }
    var bytes = try readFile(path, atMost: 1 << 30)
    let whole = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    if whole < bytes.count {
      guard ftruncate(file, off_t(whole)) == 0 else { throw FileTrouble(path, errno: errno) }
      bytes.removeLast(bytes.count - whole)
    }
    var latest = Instant(micros: .min)
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { throw FileTrouble(path, reason: "the line \(line.prefix(40)) is not a till's") }
      switch parts[0] {
      case "ask":
        let rest = parts[1].split(separator: " ", maxSplits: 2)
        guard rest.count == 3, let time = Int64(rest[1]) else { throw FileTrouble(path, reason: "an ask is cut short") }
        latest = max(latest, Instant(micros: time))
        known.append(Known(ask: rest[2]))
      case "answer":
        let rest = parts[1].split(separator: " ", maxSplits: 1)
        guard rest.count == 2, let number = Int(rest[0]), known.indices.contains(number) else {
          throw FileTrouble(path, reason: "an answer has no question")
        }
        known[number].answer = rest[1]
      default: break
      }
    }
    self.latest = latest
  }

  deinit { close(file) }

  /// Writes the request down, unless this is one that was written before the till stopped.
  /// - Returns: its number, and the answer that is known already.
  mutating func ask(_ note: String, at now: Instant) throws -> (number: Int, answer: JSON?) {
    defer { count += 1 }
    guard count < known.count else {
      try write("ask \(count) \(now.micros) \(note)\n")
      return (count, nil)
    }
    guard known[count].ask == note else {
      throw Differs(path: path, number: count, written: String(known[count].ask), wanted: note)
    }
    return (count, try known[count].answer.map { try JSON.parse(String($0)) })
  }

  /// True while the next request is one that has been answered already.
  var isReplaying: Bool { count < known.count && known[count].answer != nil }

  mutating func note(_ answer: JSON, to number: Int, isFirst: Bool) throws {
    try write("\(isFirst ? "answer" : "again") \(number) \(answer.compact)\n")
  }

  private func write(_ line: String) throws {
    try writeAll(line, to: file, named: path)
    if isSynced { guard fsync(file) == 0 else { throw FileTrouble(path, errno: errno) } }
  }
}
