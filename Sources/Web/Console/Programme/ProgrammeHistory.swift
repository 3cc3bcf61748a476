import Access
import Kernel
import Loyalty
import Storage

/// What differs between two versions of a programme's settings, setting by setting.
struct SettingsHistory {
  let reader: Reader

  func changes(from old: JSON, to new: JSON) -> [ChangeRow] {
    let (before, after) = (leaves(old), leaves(new))
    var seen: Set<String> = []
    let pointers = (after + before).map(\.0).filter { seen.insert($0).inserted }
    return pointers.compactMap { pointer in
      let (was, now) = (before.first { $0.0 == pointer }?.1, after.first { $0.0 == pointer }?.1)
      guard was != now else { return nil }
      return ChangeRow(name: name(pointer), old: said(pointer, was), new: said(pointer, now))
    }
  }

  /// Every value that is no object, by its pointer. A point's worth stands twice and is told once.
  private func leaves(_ json: JSON, _ pointer: String = "") -> [(String, JSON)] {
    if ["/points/scale", "/points/spendValue"].contains(pointer) { return [] }
    let isWhole = Setting.composed.contains { $0.pointer == pointer } && pointer.hasPrefix("/terms/")
    guard case .object(let members) = json, !isWhole else { return [(pointer, json)] }
    return members.flatMap { leaves($0.value, pointer + "/" + $0.key) }
  }

  private var settings: [Setting] { Setting.simple }

  private static let cards = "/terms/stampCards"

  private func name(_ pointer: String) -> String {
    if pointer == Self.cards { return reader("Карточки штампов", "Stamp cards") }
    if let setting = settings.first(where: { $0.pointer == pointer }) { return reader(setting.name) }
    let parts = Setting.composed.filter { pointer == $0.pointer || pointer.hasPrefix($0.pointer + "/") }
    guard let part = parts.max(by: { $0.pointer.count < $1.pointer.count }) else { return pointer }
    let rest = pointer.dropFirst(part.pointer.count)
    return reader(part.name) + rest.split(separator: "/").map { step in ", " + word(String(step)) }.joined()
  }

  private func word(_ step: String) -> String {
    switch step {
    case "activation": reader("когда активны", "when active")
    case "life", "days", "slidingDays": reader("сколько живут", "how long they live")
    case "ru": reader("по-русски", "in Russian")
    case "en": reader("по-английски", "in English")
    case "measure": reader("что считается", "what counts")
    case "period": reader("за какое время", "over which time")
    case "graceDays": reader("отсрочка в днях", "days of grace")
    case "descent": reader("вниз", "down")
    case "since": reader("считать с", "count from")
    case "rungs": reader("пороги", "thresholds")
    case "choose": reader("сколько можно выбрать", "how many may be chosen")
    case "begins": reader("на какой период", "for which period")
    case "mayChange": reader("можно менять", "may be changed")
    default: step
    }
  }

  private func said(_ pointer: String, _ json: JSON?) -> String? {
    if let setting = settings.first(where: { $0.pointer == pointer }) { return setting.said(json, reader) }
    guard let json else { return nil }
    switch json {
    case .array(let items) where pointer == Self.cards:
      return items.map { "\(Setting.typed($0["code"] ?? .null)) (\(Setting.typed($0["stamps"] ?? .null)))" }.joined(separator: ", ")
    case .array(let items) where pointer == "/giving/actions":
      return items.map { "\(Setting.typed($0["code"] ?? .null)) (\(Setting.typed($0["points"] ?? .null)))" }.joined(separator: ", ")
    case .array(let items) where items.allSatisfy({ if case .string = $0 { true } else { false } }):
      return items.isEmpty ? reader("никто, ничего", "none") : items.map { Setting.typed($0) }.joined(separator: ", ")
    case .string, .int, .bool: return Setting.typed(json)
    default: return json.compact
    }
  }
}

extension ConsoleDesk {
  func programmeVersions(_ visit: Visit) async throws -> Answer {
    let (programme, account, zones) = (try visit.programme, visit.account.id, zones)
    let before = visit.call.query["before"].flatMap(Int64.init)
    let versions = try await database.read { tx in
      try Programmes(of: account, zones: zones).versions(
        of: programme.id, before: before, limit: ProgrammeVersionsPage.size + 1, in: &tx)
    }
    return visit.show(ProgrammeVersionsPage(versions: versions, visit: visit).page, in: .programme)
  }
}

struct ProgrammeVersionsPage {
  static let size = 20

  /// One more than is shown: what the oldest of them changed.
  let versions: [ProgrammeVersion]
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let shown = versions.indices.prefix(Self.size)
    let next = versions.count > Self.size ? shown.last.map { "/console/programme/versions?before=\(versions[$0].version)" } : nil
    return Page(
      title: reader("Версии настроек", "Versions of the settings"),
      crumbs: [(reader("Программа", "Programme"), "/console/programme")],
      body: "<div class=\"page-body\">\(shown.map(panel))\(VersionList.earlier(next, reader))</div>")
  }

  private func panel(_ place: Int) -> Markup {
    let version = versions[place]
    let body: Markup
    if versions.indices.contains(place + 1) {
      let rows = SettingsHistory(reader: reader).changes(from: versions[place + 1].settings, to: version.settings)
      body = "<dl class=\"changes\">\(rows.map { $0.html(reader) })</dl>"
    } else {
      body = "<p class=\"muted\">\(reader("Первая версия", "The first version"))</p>"
    }
    return VersionList.panel(version.version, version.actor, version.madeAt, body, reader)
  }
}

/// How lists of versions look.
enum VersionList {
  static func panel(
    _ version: Int64, _ actor: String, _ at: Instant, marks: Markup? = nil, acts: Markup? = nil, _ body: Markup, _ reader: Reader
  ) -> Markup {
    """
    <section class="panel"><header class="panel-head"><h2>\(reader("Версия \(version)", "Version \(version)"))</h2>\(marks)\
    <span class="muted">\(reader.actor(actor)), \(reader.moment(at))</span>\(acts)</header><div class="panel-body">\(body)</div></section>
    """
  }

  static func earlier(_ path: String?, _ reader: Reader) -> Markup? {
    path.map { path -> Markup in "<p><a class=\"text-link\" href=\"\(path)\">\(reader("Раньше", "Earlier"))</a></p>" }
  }
}
