import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The stream for people and collectors (standard error), shared by log lines and the one progress bar, so that neither tears the
/// other. Answers – JSON, tables, reports – go to standard output and never through here.
public final class Console: Sendable {
  public let isTerminal: Bool
  private let current = Mutex<String?>(nil)

  public init() { isTerminal = isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal; 80 where it does not say.
  public var width: Int {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes a line above the bar.
  public func line(_ text: String) {
    current.withLock { bar in
      Self.write((bar == nil ? "" : "\r\u{1b}[2K") + text + "\n" + (bar ?? ""))
    }
  }

  /// Draws the bar anew; nil takes it away.
  func bar(_ text: String?) {
    current.withLock { bar in
      if bar != nil || text != nil { Self.write("\r\u{1b}[2K" + (text ?? "")) }
      bar = text
    }
  }

  /// A closed or full stream is no reason to stop the work that reports to it: what cannot be written is lost.
  private static func write(_ text: String) { try? writeAll(text, to: STDERR_FILENO, named: "standard error") }
}

/// Writes an answer and a line feed to standard output.
/// - Throws: `FileTrouble` where it cannot be written, a closed pipe included.
public func answer(_ text: String) throws(FileTrouble) { try writeAll(text + "\n", to: STDOUT_FILENO, named: "standard output") }
