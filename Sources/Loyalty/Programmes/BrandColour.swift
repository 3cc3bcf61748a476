import Kernel

/// A colour as brands give it: six hexadecimal digits for red, green and blue.
public struct BrandColour: Hashable, Sendable {
  /// `#0b6771`, in small letters.
  public let text: String

  /// Nil for anything but `#` and six hexadecimal digits.
  public init?(_ text: some StringProtocol) {
    let text = text.lowercased()
    guard text.utf8.count == 7, text.hasPrefix("#"), text.utf8.dropFirst().allSatisfy(Self.isDigit) else { return nil }
    self.text = text
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte) }

  init?(_ node: JSONNode) {
    guard let text = node.text() else { return nil }
    if let colour = Self(text) {
      self = colour
    } else {
      node.refuse("not_a_colour", "a colour is written #rrggbb, for example #0b6771")
      return nil
    }
  }
}
