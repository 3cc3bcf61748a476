import Calculator
import Kernel
import Loyalty

/// How the points of a promotion come and go, in its form and in its words.
enum CourseFields {
  static func texts(_ course: PointsCourse) -> [(String, String)] {
    var texts: [(String, String)] = []
    switch course.start {
    case nil: break
    case .atOnce: texts.append(("course-start", "at-once"))
    case .days(let count): texts += [("course-start", "days"), ("course-start-days", String(count))]
    case .on(let day): texts += [("course-start", "on"), ("course-start-on", day.description)]
    }
    switch course.life {
    case nil, .forever, .sliding: break
    case .days(let count): texts += [("course-life", "days"), ("course-life-days", String(count))]
    case .through(let period, _): texts.append(("course-life", period.rawValue))
    case .until(let day): texts += [("course-life", "until"), ("course-life-until", day.description)]
    }
    return texts
  }

  /// Where an issue of a course shows in a form.
  static let places = [
    ("/course", "course-start"), ("/course/activation/days", "course-start-days"), ("/course/activation/on", "course-start-on"),
    ("/course/life", "course-life"), ("/course/life/days", "course-life-days"), ("/course/life/until", "course-life-until"),
  ]

  /// As rules have it; nil where both are the programme's.
  static func json(_ form: Form) -> JSON? {
    func text(_ field: String) -> JSON? { form[field].isEmpty ? nil : .string(form[field]) }
    func whole(_ field: String) -> JSON? {
      let digits = form[field].filter { !$0.isWhitespace }
      return digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits)
    }
    let start: JSON? =
      switch form["course-start"] {
      case "at-once": "at-once"
      case "days": .object(["days": whole("course-start-days") ?? ""])
      case "on": .object(["on": text("course-start-on") ?? ""])
      default: nil
      }
    let life: JSON? =
      switch form["course-life"] {
      case "days": .object(["days": whole("course-life-days") ?? ""])
      case "until": .object(["until": text("course-life-until") ?? ""])
      case let period where CalendarPeriod(rawValue: period) != nil: .object(["through": .string(period)])
      default: nil
      }
    return start == nil && life == nil ? nil : .object(["activation": start, "life": life])
  }

  /// The choices and their fields. - Parameter fault: what was wrong with a field.
  static func html(_ form: Form, _ reader: Reader, fault: (String) -> String?) -> Markup {
    let usual = reader("как в программе", "as the programme's")
    let starts = [
      ("", usual), ("at-once", reader("сразу", "at once")), ("days", reader("через дней", "after days")),
      ("on", reader("с даты", "on a day")),
    ]
    let lives = [
      ("", usual), ("days", reader("дней", "days")), ("month", reader("до конца месяца", "to the end of the month")),
      ("quarter", reader("до конца квартала", "to the end of the quarter")),
      ("year", reader("до конца года", "to the end of the year")), ("until", reader("по дату", "through a day")),
    ]
    func choice(_ name: String, _ label: String, _ options: [(String, String)]) -> Markup {
      Choice(name: name, label: label, options: options, chosen: form[name], fault: fault(name)).html
    }
    func field(_ name: String, _ label: String, type: String = "text", hint: String, limit: Int = Limits.name) -> Markup {
      Field(
        name: name, label: label, value: form[name], type: type, hint: hint, fault: fault(name), limit: limit, isRequired: false
      ).html
    }
    return """
      <div class="fields narrow">\(choice("course-start", reader("Активны", "Active"), starts))\
      \(field("course-start-days", reader("Через дней", "After days"), hint: reader("только если через дней", "only for days"), limit: 4))\
      \(field("course-start-on", reader("С даты", "On the day"), type: "date", hint: reader("только если с даты", "only for a day")))\
      \(choice("course-life", reader("Живут", "Live"), lives))\
      \(field("course-life-days", reader("Дней после активации", "Days from then"), hint: reader("только если дней", "only for days"), limit: 4))\
      \(field("course-life-until", reader("По дату включительно", "Through the day"), type: "date", hint: reader("только если по дату", "only for a day")))</div>
      """
  }
}

extension PromotionBody {
  /// Nil where both are the programme's, and for what earns nothing: its fields are not read then.
  mutating func course(_ kind: BenefitKind?) -> JSON? {
    for (pointer, field) in CourseFields.places { places[pointer] = field }
    switch kind {
    case .earnRate, .earnPerStep, .earnPerUnit, .earnMultiplier, .earnFixed: break
    case .percent, .amountPerUnit, .amount, .fixedPrice, .prices, .fixedTotal, .staircase, .bundle, .freeUnits, .gift, .giftChoice,
      .reward, nil:
      return nil
    }
    return CourseFields.json(form)
  }
}

extension PromotionEditPage {
  /// When the points become active and how long they live; read only for what earns.
  var courseFields: Markup {
    """
    <fieldset class="field"><legend>\(reader("Срок начисленных баллов", "How the points come and go"))</legend>\
    <p class="hint">\(reader("Для начислений. Свой срок – отдельная партия баллов: её видно в балансе, и возврат снимает именно её.", "For what earns. Points of a course of their own are a lot of their own: the balance shows it, and a return takes back exactly it."))</p>\
    \(CourseFields.html(form, reader) { editing.faults[$0] })</fieldset>
    """
  }
}

extension BenefitWords {
  /// How its points come and go.
  func parts(_ course: PointsCourse) -> [SentencePart] {
    let start: [SentencePart] =
      switch course.start {
      case nil: []
      case .atOnce: [.word(reader("активны", "active")), .value(reader("сразу", "at once"))]
      case .days(let count):
        [.word(reader("активны через", "active after")), .value(reader.count(count, ("день", "дня", "дней"), ("day", "days")))]
      case .on(let day): [.word(reader("активны с", "active from")), .value(reader.date(day))]
      }
    let life: [SentencePart] =
      switch course.life {
      case nil, .forever, .sliding: []
      case .days(let count):
        [
          .word(reader("живут", "good for")),
          .value(
            count == 0 ? reader("один этот день", "that day only") : reader.count(count, ("день", "дня", "дней"), ("day", "days"))),
        ]
      case .through(let period, _): [.word(reader("живут", "good")), .value(Self.end(of: period, reader))]
      case .until(let day): [.word(reader("живут по", "good through")), .value(reader.date(day))]
      }
    return start + life
  }

  private static func end(of period: CalendarPeriod, _ reader: Reader) -> String {
    switch period {
    case .month: reader("до конца месяца", "to the end of the month")
    case .quarter: reader("до конца квартала", "to the end of the quarter")
    case .year: reader("до конца года", "to the end of the year")
    }
  }
}
