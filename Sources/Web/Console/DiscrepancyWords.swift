import Kernel
import Loyalty

/// What did not fit, in a sentence.
enum DiscrepancyWords {
  static func name(_ cause: Discrepancy.Cause, _ reader: Reader) -> String {
    switch cause {
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
    }
  }
}
