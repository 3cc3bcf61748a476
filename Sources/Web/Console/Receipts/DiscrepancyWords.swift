import Kernel
import Loyalty

/// What did not fit, in a sentence.
enum DiscrepancyWords {
  static func item(_ found: Discrepancy, _ reader: Reader) -> Markup {
    """
    <li>\(Icon.warning.styled("icon warn"))<div><b>\(name(found, reader))</b><p>\(detail(found, reader))</p></div>\
    <code class="muted">\(found.word)</code></li>
    """
  }

  static func name(_ found: Discrepancy, _ reader: Reader) -> String {
    switch found.cause {
    case .amount: reader("Сумма строки не та, что посчитали мы", "The amount of a line is not what we computed")
    case .points: reader("Касса списала больше баллов, чем было можно", "The till took more points than it might")
    case .lateConfirm: reader("Отложенные баллы уже освободились", "The hold had ended already")
    case .keyReused: reader("Номер чека уже был у другой продажи", "The receipt's number was another sale's")
    case .unknownMember: reader("Участника с таким номером нет", "Nobody has this identifier")
    case .blockedMember: reader("Участник заблокирован", "The member is blocked")
    case .quantity: reader("Вернули больше, чем продали", "More came back than was sold")
    case .unmatched: reader("Возврат без исходного чека", "A return without its receipt")
    case .refund: reader("Выплачено не столько, сколько посчитали мы", "What was paid out is not what we computed")
    case .cancelledLate:
      reader("Отменён после подтверждения: учтён как полный возврат", "Cancelled after it was confirmed: counted as a full return")
    case .takenBack: reader("Баллов, которые надо снять, уже нет", "Points to take back are gone")
    case .sums: reader("Суммы чека не сходятся между собой", "The receipt's sums do not add up")
    case .unconfirmed: reader("Баллы списаны без кода подтверждения", "Points were spent without a code")
    case .late: reader("Чек пришёл слишком поздно", "The receipt came too late")
    case .reductions: reader("Касса сняла больше, чем стоит строка", "The till took off more than a line costs")
    case .marked: reader("Маркированная единица продана не поштучно", "A marked unit whose quantity is not one")
    case .seller: reader("Продавца строки нет в учётной записи", "The line's seller is not known")
    case .coupon: reader("Купон уже использован или занят", "A coupon was used or set aside already")
    case .certificate: reader("Сертификат не на ту сумму", "A certificate for another amount")
    case .stopped: reader("Баллы остановлены лимитом или блокировкой", "A limit or a block stopped the points")
    case .unreadable: reader("Касса прислала то, чего сервер не знает", "The till sent what the server does not know")
    case nil: reader("Незнакомая причина «\(found.word)»", "A cause unknown here: \(found.word)")
    }
  }

  /// The numbers of both sides, each in its unit.
  static func detail(_ found: Discrepancy, _ reader: Reader) -> String {
    let (stated, expected) = (Points(units: found.stated), Points(units: found.expected))
    switch found.cause {
    case .amount, .sums, .reductions, .refund, .certificate:
      return both(reader.money(Money(minor: found.stated)), reader.money(Money(minor: found.expected)), reader)
    case .points, .unconfirmed:
      return reader(
        "Списано \(reader.points(stated)), можно было \(reader.points(expected)).",
        "\(reader.points(stated)) were taken, \(reader.points(expected)) were allowed.")
    case .takenBack:
      return reader(
        "Снять надо было \(reader.points(stated)), нашлось \(reader.points(expected)).",
        "\(reader.points(stated)) were to be taken back, \(reader.points(expected)) were there.")
    case .lateConfirm:
      return reader(
        "Обещано и списано за счёт программы: \(reader.points(stated)).",
        "Promised, and taken at the programme's cost: \(reader.points(stated)).")
    case .unknownMember, .blockedMember:
      return found.stated == 0
        ? reader("Продажа записана, баллов она не тронула.", "The sale stands and moved no points.")
        : reader("Касса списала баллов: \(reader.points(stated)).", "The till took \(reader.points(stated)) points.")
    case .quantity, .marked, .unmatched:
      let quantity = reader.number(Quantity(thousandths: found.stated))
      return reader("Количество: \(quantity).", "Quantity: \(quantity).")
    case .cancelledLate:
      let sum = reader.money(Money(minor: found.stated))
      return reader("Чек был на \(sum).", "It had come to \(sum).")
    case .late: return late(days(found.stated, reader), allowed: days(found.expected, reader), reader)
    case .keyReused:
      return reader("Записан рядом с первым, баллов и сумм не двигает.", "Kept beside the first; it moves neither points nor sums.")
    case .stopped: return stopped(stated, reader)
    case .seller:
      return reader("Юридическое лицо надо завести в справочнике.", "The legal entity has to be added to the account.")
    case .coupon: return coupons(reader.number(found.stated), reader)
    case .unreadable: return leftAside(reader.number(found.stated), reader)
    case nil: return reader("Её записал сервер новее этого.", "A server newer than this one noted it.")
    }
  }

  private static func late(_ age: String, allowed: String, _ reader: Reader) -> String {
    reader(
      "Ему \(age), принимаем до \(allowed): учтён днём прихода.",
      "It was \(age) old, and \(allowed) are allowed: counted when it came.")
  }

  private static func stopped(_ points: Points, _ reader: Reader) -> String {
    reader(
      "Было бы начислено: \(reader.points(points)). Продажа и скидки остались.",
      "It would have earned \(reader.points(points)). The sale and its discounts stand.")
  }

  private static func coupons(_ count: String, _ reader: Reader) -> String {
    reader("Таких купонов: \(count). Продажа записана.", "Such coupons: \(count). The sale stands.")
  }

  private static func leftAside(_ count: String, _ reader: Reader) -> String {
    reader(
      "Таких мест: \(count). Они пропущены, остальное записано; какие это места, сказано в ответе кассе.",
      "Such places: \(count). They were left aside, the rest stands; the till's answer names them.")
  }

  private static func both(_ till: String, _ ours: String, _ reader: Reader) -> String {
    reader("Касса: \(till), мы: \(ours).", "Till: \(till), we: \(ours).")
  }

  private static func days(_ count: Int64, _ reader: Reader) -> String {
    reader.count(Int(clamping: count), ("день", "дня", "дней"), ("day", "days"))
  }
}
