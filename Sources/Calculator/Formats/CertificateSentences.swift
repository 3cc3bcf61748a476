import Kernel

extension PresentedCertificate.State {
  /// What a cashier reads out.
  public var sentence: LocalText {
    switch self {
    case .valid: LocalText(ru: "Сертификат действует.", en: "The certificate is good.")
    case .unknown: LocalText(ru: "Такого сертификата нет.", en: "There is no such certificate.")
    case .blank: LocalText(ru: "Сертификат ещё не продан.", en: "The certificate has not been sold yet.")
    case .sold: LocalText(ru: "Сертификат уже продан.", en: "The certificate has been sold already.")
    case .spent: LocalText(ru: "На сертификате ничего не осталось.", en: "Nothing is left on the certificate.")
    case .expired: LocalText(ru: "Срок сертификата истёк.", en: "The certificate has expired.")
    case .void: LocalText(ru: "Сертификат заблокирован.", en: "The certificate is blocked.")
    case .held:
      LocalText(
        ru: "Сертификат занят другой покупкой, попробуйте позже.",
        en: "The certificate is set aside for another purchase; try later.")
    case .wrongPin:
      LocalText(ru: "Нужен верный ПИН с сертификата.", en: "The right PIN of the certificate is needed.")
    case .locked:
      LocalText(
        ru: "Сертификат закрыт: слишком много неверных ПИН. Обратитесь в поддержку.",
        en: "The certificate is locked after too many wrong PINs. Ask the support.")
    case .otherAmount: LocalText(ru: "Сертификат продают за другую сумму.", en: "The certificate is sold for another amount.")
    case .notReloadable: LocalText(ru: "Этот сертификат не пополняют.", en: "This certificate cannot be loaded.")
    case .closed:
      LocalText(ru: "Сертификаты этой серии больше не продают.", en: "Certificates of this series are not sold any more.")
    }
  }
}
