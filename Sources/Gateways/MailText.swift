import Access
import FoundationEssentials
import Kernel

/// A letter as mail servers pass it on (RFC 5322, 2045, 2047): lines end with CR LF and have 76 characters at most, and whatever is not
/// ASCII is written in base64, so that no server on the way need know more than ASCII.
enum MailText {
  /// - Parameters:
  ///   - sender: the name may be in any language.
  ///   - id: nobody else's; letters and digits.
  static func bytes(_ mail: Mail, from sender: (name: String, address: Email), id: String, at now: Instant) -> [UInt8] {
    let domain = sender.address.text.split(separator: "@").last.map(String.init) ?? "localhost"
    let head = [
      "Date: \(date(now))", "From: \(word(sender.name))\r\n <\(sender.address.text)>", "To: <\(mail.to.text)>",
      "Subject: \(word(mail.subject))", "Message-ID: <\(id)@\(domain)>",
      // Answering machines leave such letters alone (RFC 3834).
      "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
    ]
    let text = part("text/plain; charset=utf-8", Array(mail.text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n").utf8))
    guard !mail.attachments.isEmpty else { return Array((head + text + [""]).joined(separator: "\r\n").utf8) }
    // Base64 has no underscore, so no line of a part is a boundary.
    let mark = "part_\(id)"
    let parts =
      [text]
      + mail.attachments.map { attached in
        part(attached.type, attached.bytes, "\(attached.isShown ? "inline" : "attachment"); filename=\"\(attached.name)\"")
      }
    let lines =
      head + ["Content-Type: multipart/mixed; boundary=\"\(mark)\"", ""] + parts.flatMap { ["--\(mark)"] + $0 } + [
        "--\(mark)--", "",
      ]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  /// One part with its own headers, in base64.
  private static func part(_ type: String, _ bytes: [UInt8], _ disposition: String? = nil) -> [String] {
    let body = Array(Data(bytes).base64EncodedString().utf8)
    let lines = stride(from: 0, to: body.count, by: 76).map { start in
      String(decoding: body[start..<min(start + 76, body.count)], as: UTF8.self)
    }
    return ["Content-Type: \(type)", "Content-Transfer-Encoding: base64"]
      + (disposition.map { ["Content-Disposition: \($0)"] } ?? []) + [""] + lines
  }

  /// A text in a header: as encoded words of 39 bytes at most, so that the first fits behind the header's name, never torn within a
  /// character. It cannot begin a header of its own.
  static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7f).contains($0) && !"\"\\=?<>@,;:()[]".utf8.contains($0) }
    if isPlain, text.utf8.count <= 60 { return text }
    var (words, part): ([String], String) = ([], "")
    for scalar in text.unicodeScalars where !(scalar.value < 0x20 || scalar.value == 0x7f) {
      if part.utf8.count + String(scalar).utf8.count > 39 {
        words.append(part)
        part = ""
      }
      part.unicodeScalars.append(scalar)
    }
    words.append(part)
    return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
  }

  /// `Thu, 26 Nov 2026 05:45:32 +0000`
  static func date(_ now: Instant) -> String {
    let time = Zone.utc.civil(at: now)
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][time.day.weekday - 1]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = time.day.parts
    return "\(weekday), \(parts.day) \(months[parts.month - 1]) \(parts.year) \(time.clock.description.prefix(8)) +0000"
  }
}
