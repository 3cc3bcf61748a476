import Crypto

/// Files that pages are made with. Their addresses carry a piece of their hash, so browsers keep them for a year and get the new one
/// at once.
struct Asset: Sendable {
  let path: String
  let type: String
  let bytes: [UInt8]

  fileprivate init(_ name: String, _ ending: String, _ type: String, _ bytes: [UInt8]) {
    let hash = SHA256.hash(data: bytes).prefix(5).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    path = "/console/assets/\(name).\(hash).\(ending)"
    self.type = type
    self.bytes = bytes
  }

  var endpoint: Endpoint {
    Endpoint(.get, path, .nobody) { [self] _ in
      var answer = Answer(200, bytes, type: type)
      answer.headers.append(("Cache-Control", "public, max-age=31536000, immutable"))
      return answer
    }
  }
}

enum Assets {
  static let tokens = Asset("tokens", "css", "text/css; charset=utf-8", PackageResources.tokens_css)
  static let components = Asset("components", "css", "text/css; charset=utf-8", PackageResources.components_css)
  static let pages = Asset("pages", "css", "text/css; charset=utf-8", PackageResources.pages_css)
  /// Only the set-up's pages load it.
  static let setup = Asset("setup", "css", "text/css; charset=utf-8", PackageResources.setup_css)
  static let icons = Asset("icons", "svg", "image/svg+xml", PackageResources.icons_svg)

  /// Modules of the pages in the frame. Each works by itself, and every page works without them.
  static let scripts = [
    script("palette", PackageResources.palette_js), script("chart", PackageResources.chart_js),
    script("copy", PackageResources.copy_js), script("live", PackageResources.live_js),
    script("pivot", PackageResources.pivot_js), script("segment", PackageResources.segment_js),
  ]

  private static func script(_ name: String, _ bytes: [UInt8]) -> Asset {
    Asset(name, "js", "text/javascript; charset=utf-8", bytes)
  }

  static var all: [Asset] { [tokens, components, pages, setup, icons] + scripts }
}
