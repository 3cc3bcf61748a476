import Kernel

/// A list of things that a programme keeps and may put into its archive, each with a page of its own.
struct ShelfPage {
  struct Words {
    let title: LocalText
    let archive: LocalText
    /// What is made there, and the same where there is none yet.
    let new: LocalText
    let first: LocalText
    let note: LocalText
    let nothing: LocalText
    let hint: LocalText
  }

  let words: Words
  let path: String
  let visit: Visit

  private var reader: Reader { visit.reader }
  var showsArchive: Bool { visit.call.query["archive"] == "on" }

  /// - Parameters:
  ///   - table: of what is shown; nil where nothing is.
  ///   - archived: how many lie in the archive.
  func page(_ table: Markup?, archived: Int) -> Page {
    Page(
      title: reader(showsArchive ? words.archive : words.title),
      actions: showsArchive || !visit.may(.changeProgramme)
        ? .nothing : "<a class=\"button primary\" href=\"\(path)/new\">\(Icon.plus.small)\(reader(words.new))</a>",
      notes: [reader(words.note)],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path)] + (showsArchive ? [(reader(words.title), path)] : []),
      body: "<div class=\"page-body\">\(table ?? empty)\(archive(archived))</div>")
  }

  private func archive(_ count: Int) -> Markup? {
    guard !showsArchive, count > 0 else { return nil }
    return "<p><a class=\"text-link\" href=\"\(path)?archive=on\">\(reader("Архив", "Archive")): \(count)</a></p>"
  }

  private var empty: Markup {
    guard !showsArchive else { return Notice.info(reader("В архиве ничего нет.", "The archive is empty.")) }
    let act: Markup =
      visit.may(.changeProgramme) ? "<a class=\"button primary\" href=\"\(path)/new\">\(reader(words.first))</a>" : .nothing
    return """
      <section class="panel"><div class="empty">\(Icon.table.usual)<h2>\(reader(words.nothing))</h2>\
      <p>\(reader(words.hint))</p>\(act)</div></section>
      """
  }
}
