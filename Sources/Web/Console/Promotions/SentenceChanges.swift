import Kernel

/// How two lists of sentences differ.
struct SentenceChanges {
  struct Change: Hashable {
    let topic: Sentence.Topic
    /// Nil: it is new.
    let old: String?
    /// Nil: it is gone.
    let new: String?
  }

  let changes: [Change]
  var isEmpty: Bool { changes.isEmpty }

  /// Sentences about the same thing stand beside each other; what is said in both is left out.
  init(from old: [Sentence], to new: [Sentence]) {
    var gone = old.filter { !new.contains($0) }
    var changes: [Change] = []
    for sentence in new where !old.contains(sentence) {
      let before = gone.firstIndex { $0.key == sentence.key && $0.topic == sentence.topic }.map { gone.remove(at: $0) }
      changes.append(Change(topic: sentence.topic, old: before?.text, new: sentence.text))
    }
    changes += gone.map { Change(topic: $0.topic, old: $0.text, new: nil) }
    self.changes = Sentence.Topic.allCases.flatMap { topic in changes.filter { $0.topic == topic } }
  }

  func html(_ reader: Reader) -> Markup {
    let rows = changes.map { change -> Markup in
      ChangeRow(name: PromotionWords.title(change.topic, reader).name, old: change.old, new: change.new).html(reader)
    }
    return "<dl class=\"changes\">\(rows)</dl>"
  }
}

/// One thing that is another than before: its name, the old words and the new ones.
struct ChangeRow {
  let name: String
  let old: String?
  let new: String?

  func html(_ reader: Reader) -> Markup {
    let before = old.map { text -> Markup in
      "<p><span class=\"muted\">\(reader("было", "before"))</span> <del>\(text)</del></p>"
    }
    let after = new.map { text -> Markup in
      "<p><span class=\"muted\">\(reader("стало", "now"))</span> <ins>\(text)</ins></p>"
    }
    return "<div><dt>\(name)</dt><dd>\(before)\(after)</dd></div>"
  }
}

extension Notice {
  /// Somebody else saved first: what they changed, and what becomes of what was typed.
  static func overtaken(_ problem: Problem, _ changes: Markup, _ reader: Reader) -> Markup {
    let what = reader(
      "Ваши поля целы. Вот что изменил другой человек; сохраните ещё раз, и будет записано ваше.",
      "Your fields are as you left them. This is what the other person changed; save again, and yours is written.")
    return """
      <div class="notice warn" role="alert">\(Icon.warning.usual)<div><b>\(reader.sentence(problem))</b><p>\(what)</p>\(changes)</div></div>
      """
  }

  /// How many places of a form are to be mended.
  static func faults(_ count: Int, _ reader: Reader) -> Markup {
    let places = reader.count(count, ("место", "места", "мест"), ("place", "places"))
    return warning(reader("Не сохранено. Поправьте отмеченное: \(places)", "Not saved. Mend what is marked: \(places)"))
  }
}

extension Reader {
  /// `staff:olga` as `olga`: whoever acted, by the name the audit trail has.
  func actor(_ text: String) -> String { text.split(separator: ":", maxSplits: 1).last.map { String($0) } ?? text }
}
