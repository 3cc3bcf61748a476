import Conditions
import Kernel

/// What consents are called.
enum ConsentWords {
  static func name(_ consent: Consent, _ reader: Reader) -> String {
    switch consent {
    case .terms: reader("Правила программы", "The programme's terms")
    case .personalData: reader("Обработка персональных данных", "Processing of personal data")
    case .thirdParty: reader("Передача данных третьим лицам", "Hand-over of data to others")
    case .sms: reader("Реклама в СМС", "Advertising by SMS")
    case .email: reader("Реклама по почте", "Advertising by e-mail")
    case .push: reader("Реклама в пуш-уведомлениях", "Advertising by push")
    case .messenger: reader("Реклама в мессенджере", "Advertising by messenger")
    case .call: reader("Рекламные звонки", "Advertising by telephone")
    }
  }

  static func icon(_ consent: Consent) -> Icon {
    switch consent {
    case .terms: .programme
    case .personalData: .person
    case .thirdParty: .partners
    case .email: .mail
    case .sms, .call: .phone
    case .push, .messenger: .send
    }
  }

  static func list(_ consents: [Consent], _ reader: Reader) -> String {
    consents.map { consent in
      let name = name(consent, reader)
      return name.prefix(1).lowercased() + name.dropFirst()
    }.joined(separator: reader(" или ", " or "))
  }
}
