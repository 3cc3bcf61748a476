import Kernel

/// What readers of rules and settings have to say, for who fills in a form. Their own sentences are English and speak of JSON.
enum IssueWords {
  static func sentence(_ issue: Issue, _ reader: Reader) -> String {
    guard let words = words(issue) else { return issue.message }
    return reader(words)
  }

  private static func words(_ issue: Issue) -> LocalText? {
    issue.code == "out_of_range" ? range(issue.message) : usual[issue.code]
  }

  private static let usual: [String: LocalText] = [
    "missing": LocalText(ru: "Заполните это поле", en: "Fill this in"),
    "empty": LocalText(ru: "Заполните это поле", en: "Fill this in"),
    "too_long": LocalText(ru: "Слишком длинно", en: "This is too long"),
    "too_many": LocalText(ru: "Слишком много значений", en: "These are too many values"),
    "not_a_decimal": LocalText(
      ru: "Здесь нужно число, дробная часть через точку или запятую", en: "A number is expected here, like 12.50"),
    "not_an_integer": LocalText(ru: "Здесь нужно целое число", en: "A whole number is expected here"),
    "bounds_crossed": LocalText(ru: "Конец раньше начала", en: "The end comes before the beginning"),
    "empty_window": LocalText(
      ru: "Начало и конец совпадают: в это время продаж не бывает", en: "Both are the same time, between which nothing is sold"),
    "no_bounds": LocalText(ru: "Укажите хотя бы одну границу", en: "Give at least one bound"),
    "not_an_instant": LocalText(ru: "Здесь нужны дата и время", en: "A day and a time are expected here"),
    "not_a_time": LocalText(ru: "Здесь нужны дата и время", en: "A day and a time are expected here"),
    "not_a_day": LocalText(ru: "Здесь нужна дата", en: "A day is expected here"),
    "wrong_limit": LocalText(
      ru: "Этот предел ничего не значит для такой выгоды. Оставьте пустым",
      en: "This limit says nothing about such a benefit. Leave it empty"),
    "wrong_stage": LocalText(ru: "Для такой выгоды этот шаг не подходит", en: "This step does not suit such a benefit"),
    "unknown_group": LocalText(ru: "Такой группы нет в настройках программы", en: "The programme's settings list no such group"),
    "unknown_name": LocalText(ru: "Такого кода нет", en: "There is no such code"),
    "unknown_code": LocalText(ru: "Такого кода нет", en: "There is no such code"),
    "unknown_word": LocalText(ru: "Выберите одно из предложенного", en: "Choose one of the list"),
    "unknown_zone": LocalText(
      ru: "Такого часового пояса нет. Они называются как Europe/Moscow",
      en: "There is no such time zone. They are named like Europe/Moscow"),
    "repeated": LocalText(ru: "Повторяется", en: "This stands here twice"),
    "contradiction": LocalText(
      ru: "Спорит с другим полем: первый предел больше второго",
      en: "Contradicts another field: the first limit is above the second"),
    "not_a_range": LocalText(
      ru: "Первый и последний номер: от 4 до 20 цифр, поровну и по порядку",
      en: "First and last: 4 to 20 digits, equally many, in this order"),
    "not_a_calling_code": LocalText(ru: "Код страны: от одной до трёх цифр", en: "A calling code has one to three digits"),
    "not_one_case": LocalText(ru: "Заполните, что получает покупатель", en: "Fill in what the shopper gets"),
    "unknown_activation": LocalText(ru: "Укажите, когда баллы активны", en: "Say when points become active"),
    "unknown_life": LocalText(ru: "Укажите, сколько живут баллы", en: "Say how long points live"),
    "incomplete": LocalText(ru: "Заполните все формы слова", en: "Fill in every form of the word"),
  ]

  /// The two numbers of the sentence, where it has them.
  private static func range(_ message: String) -> LocalText {
    let numbers = message.matches(of: /[0-9]+(?:\.[0-9]+)?/).map { String($0.output) }
    guard numbers.count >= 2 else { return LocalText(ru: "Число вне допустимых границ", en: "The number is out of bounds") }
    return LocalText(
      ru: "Допустимо от \(numbers[0]) до \(numbers[1])", en: "From \(numbers[0]) to \(numbers[1]) is expected here")
  }
}
