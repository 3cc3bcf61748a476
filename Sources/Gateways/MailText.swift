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
      "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
    ]
    let body = Data(mail.text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n").utf8).base64EncodedString()
    let lines = stride(from: 0, to: body.utf8.count, by: 76).map { start in
      String(decoding: Array(body.utf8)[start..<min(start + 76, body.utf8.count)], as: UTF8.self)
    }
    return Array((head + [""] + lines + [""]).joined(separator: "\r\n").utf8)
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
