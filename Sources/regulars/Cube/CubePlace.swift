import Insight
import Kernel
import Loyalty
import Storage

/// Where cubes are kept.
public enum CubePlace: Hashable, SettingValue {
  /// Beside the database's file; `cube` for a server.
  case beside
  case folder(Folder)

  public static var expected: String { "beside, or a path" }

  public init?(setting text: String) {
    if text == "beside" {
      self = .beside
    } else {
      guard let folder = Folder(setting: text) else { return nil }
      self = .folder(folder)
    }
  }

  public var settingText: String {
    switch self {
    case .beside: "beside"
    case .folder(let folder): folder.settingText
    }
  }
}

extension Config {
  /// Where the cube of one programme lies.
  func cubeFolder(of programme: Programme) -> CubeFolder {
    let base =
      switch (cube, database) {
      case (.folder(let folder), _): folder.path
      case (.beside, .sqlite(let path)): path + ".cube"
      case (.beside, .postgres): "cube"
      }
    return CubeFolder("\(base)/\(programme.id)")
  }
}
